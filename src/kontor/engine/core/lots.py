"""Drawing lots so that the same seed gives the same draw on every machine and in every order."""

from __future__ import annotations

import hashlib


def lot(seed: int, name: str) -> int:
    """A number of 56 bits for `name`: among equals the smallest goes first, and no name is favoured by its
    spelling.
    """
    return int.from_bytes(hashlib.blake2b(f"{seed}\0{name}".encode(), digest_size=7).digest())
