"""Word files that carry an application out and back: boxes with answers, written and read without Word.

Only the standard library: the few elements needed are written as text, and a file from outside is read by a
parser that refuses what could harm (`tree`). Why no library: docs/decisions/0008-word-files.md.
"""

from kontor.programmes.word.model import Box, Identity, Paper, Part, ReadBox, Shape, WordError, WordFile
from kontor.programmes.word.read import read_word
from kontor.programmes.word.write import write_word

__all__ = [
    "Box",
    "Identity",
    "Paper",
    "Part",
    "ReadBox",
    "Shape",
    "WordError",
    "WordFile",
    "read_word",
    "write_word",
]
