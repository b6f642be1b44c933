"""Reading programme files."""

from kontor.programmes.read.file import (
    ProgrammeError,
    check,
    parse,
    read,
    recall,
    shipped,
    shipped_texts,
)

__all__ = ["ProgrammeError", "check", "parse", "read", "recall", "shipped", "shipped_texts"]
