"""How near two codes lie to each other in their scheme."""

from __future__ import annotations

from kontor.engine.matching.model import Code

TREES = {"nace": 2, "cpv": 2, "cpc": 2, "isic": 2}
"""Schemes whose codes are paths of digits, with the digits two codes must share to be related at all."""


def digits(code: Code) -> str:
    """The path of a code: `28.11` is 2811, CPV's trailing zeros and check digit go."""
    path = code.code.partition("-")[0] if code.scheme == "cpv" else code.code
    path = path.replace(".", "").replace(" ", "").upper()
    return path.rstrip("0") if code.scheme == "cpv" else path


def nearness(asked: Code, held: Code) -> float:
    """1 for the same code, the shared part of the longer path in a tree of digits, else 0."""
    if asked == held:
        return 1.0
    least = TREES.get(asked.scheme)
    if asked.scheme != held.scheme or least is None:
        return 0.0
    first, second = digits(asked), digits(held)
    shared = next((n for n, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), None)
    if shared is None:
        shared = min(len(first), len(second))
    return shared / max(len(first), len(second)) if shared >= least else 0.0


def within(code: Code, prefix: Code) -> bool:
    """Whether `code` is `prefix` or lies below it: nace:28.11 is within nace:28."""
    if code.scheme != prefix.scheme:
        return False
    if code.scheme in TREES:
        return digits(code).startswith(digits(prefix))
    return code.code == prefix.code or code.code.startswith(f"{prefix.code}.")
