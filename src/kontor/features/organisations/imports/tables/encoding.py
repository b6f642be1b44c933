"""Which characters the bytes of a text file stand for, and how sure that is.

UTF-8 and UTF-16 can be told for certain. Among the 8-bit encodings the choice is made by how common the
letters are that each reading yields: Excel in Western Europe writes cp1252 (of which Latin-1 is the part
without bytes 80 to 9F), in Central Europe cp1250; older Unix programs there wrote ISO 8859-2.
"""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from kontor.features.organisations.imports.tables.model import Confidence, refusal

_CHUNK = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
CANDIDATES = ("cp1252", "cp1250", "iso8859_2")
SUPPORTED = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", *CANDIDATES, "latin-1")
# How often a letter stands in texts of the languages that need it, per thousand, rounded; unlisted: almost
# never.
_COMMON: dict[str, float] = {
    **dict.fromkeys("äöüéßá", 10.0),
    **dict.fromkeys("èàíółęąšž", 5.0),
    **dict.fromkeys("çêñøåæčřě", 4.0),
    **dict.fromkeys("âîôëïúòùãõćśżńůýőșţşă", 2.5),
    **dict.fromkeys("ÄÖÜÉÁŠŽČŁŚŻØÅŘ–’„“”€«»°²œŐűďťňľź", 1.0),
    **dict.fromkeys("ÀÈÇÊÆÓÍÚŹĆĎŤŇŮĽ§·´®…‘‚ìûÿđ", 0.3),
    # Letters that only turn up inside a word when the encoding is wrong.
    **dict.fromkeys("¹³¿¾¼½¦¬Ÿÿ£ŕ¸", 0.02),
}
_RARE = 0.01
_WORDS_WITH_HIGH_BYTES = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")


@dataclass(frozen=True, slots=True)
class Encoding:
    """`examples` are words whose reading depends on the choice, shown to a person to judge by."""

    name: str
    confidence: Confidence
    examples: tuple[str, ...] = ()


def detect(path: Path) -> Encoding:
    """Reads the whole file once, a megabyte at a time.

    Raises KontorError for NUL bytes and for a file that mixes UTF-8 with another encoding.
    """
    with path.open("rb") as file:
        start = file.read(4096)
    for bom, name in _BOMS:
        if start.startswith(bom):
            return Encoding(name, "certain")
    if (wide := _without_bom(start)) is not None:
        return Encoding(wide, "likely")
    high, broken = _survey(path)
    if broken is None:
        return Encoding("utf-8-sig", "certain")
    return _eight_bit(high, broken)


def _without_bom(start: bytes) -> str | None:
    """UTF-16 without its mark: in texts with Latin letters every other byte is zero."""
    pairs = len(start) // 2
    if pairs < 4:
        return None
    even, odd = start[0::2].count(0) / pairs, start[1::2].count(0) / pairs
    if odd > 0.4 and even < 0.1:
        return "utf-16-le"
    if even > 0.4 and odd < 0.1:
        return "utf-16-be"
    return None


@dataclass(frozen=True, slots=True)
class _Broken:
    line: int
    valid_before: int


def _survey(path: Path) -> tuple[Counter[bytes], _Broken | None]:
    """Words with bytes past 7F, and where the file stops being UTF-8 (None when it never does)."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    high: Counter[bytes] = Counter()
    broken: _Broken | None = None
    lines = several = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            _refuse_nul(chunk, lines)
            if broken is None:
                try:
                    several += (
                        sum(1 for c in decoder.decode(chunk) if c > "\x7f") if not chunk.isascii() else 0
                    )
                    if chunk.isascii():
                        decoder.decode(chunk)
                except UnicodeDecodeError as error:
                    broken = _Broken(lines + error.object[: error.start].count(b"\n") + 1, several)
            if len(high) < 2000 and not chunk.isascii():
                high.update(_WORDS_WITH_HIGH_BYTES.findall(chunk)[:5000])
            lines += chunk.count(b"\n")
    if broken is None and decoder.getstate()[0]:
        broken = _Broken(lines + 1, several)
    return high, broken


def _refuse_nul(chunk: bytes, lines: int) -> None:
    at = chunk.find(0)
    if at >= 0:
        raise refusal(
            "nul_byte",
            _("Line %(line)s holds a NUL byte: this is not a plain text file, or it was damaged on its way."),
            _("Save the table again as CSV (UTF-8) or XLSX."),
            path=f"line {lines + chunk[:at].count(10) + 1}",
            line=lines + chunk[:at].count(10) + 1,
        )


def _eight_bit(high: Counter[bytes], broken: _Broken) -> Encoding:
    if _mostly_utf8(high):
        raise refusal(
            "mixed_encodings",
            _("Line %(line)s is in another encoding than the lines before it, which are UTF-8."),
            _("Open the file in a spreadsheet program, correct that line and save as CSV (UTF-8)."),
            path=f"line {broken.line}",
            line=broken.line,
        )
    scores = {name: score for name in CANDIDATES if (score := _score(high, name)) is not None}
    if not scores:
        return Encoding("latin-1", "unsure", _examples(high, "latin-1"))
    best, *others = sorted(scores, key=lambda name: -scores[name])
    rivals = [name for name in others if _readings(high, name) != _readings(high, best)]
    lead = scores[best] - scores[rivals[0]] if rivals else math.inf
    confidence: Confidence = "likely" if lead > 0.1 else "unsure"
    return Encoding(best, confidence, _examples(high, best))


def _mostly_utf8(high: Counter[bytes]) -> bool:
    """At least three quarters of the words past ASCII are valid UTF-8: a few lines were pasted in from
    elsewhere.
    """
    valid = sum(1 for word in high if _is_utf8(word))
    return valid >= 3 and valid >= 0.75 * len(high)


def _is_utf8(word: bytes) -> bool:
    try:
        word.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _score(high: Counter[bytes], name: str) -> float | None:
    """Mean logarithm of how common the letters past ASCII are; None where a byte stands for nothing."""
    total = count = 0.0
    for word, times in high.items():
        try:
            text = word.decode(name)
        except UnicodeDecodeError:
            return None
        for position, letter in enumerate(text):
            if letter > "\x7f":
                total += times * math.log(_likelihood(text, position))
                count += times
    return total / count if count else 0.0


def _likelihood(text: str, position: int) -> float:
    letter = text[position]
    common = _COMMON.get(letter, _RARE)
    inside = position > 0 and text[position - 1].isalpha() and text[position - 1].islower()
    if inside and (letter.isupper() or not letter.isalpha()):
        return common * 0.1
    return common


def _readings(high: Counter[bytes], name: str) -> list[str]:
    return [word.decode(name) for word in high]


def _examples(high: Counter[bytes], name: str) -> tuple[str, ...]:
    return tuple(word.decode(name) for word, _times in high.most_common(5))
