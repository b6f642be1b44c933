"""Random keys for the `key` fields that appear in addresses and files."""

from __future__ import annotations

import secrets
from itertools import product

# Crockford's base 32, lower case: no i, l, o, u, so a key survives being read out on the telephone.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


# Three characters at a time: an import makes some hundred thousand keys.
_THREES = ["".join(each) for each in product(ALPHABET, repeat=3)]


def new_key(length: int = 12) -> str:
    """A random key of `length` characters, 5 bits each (12 characters: 60 bits)."""
    threes = -(-length // 3)
    bits = secrets.randbits(15 * threes)
    return "".join([_THREES[bits >> 15 * place & 32767] for place in range(threes)])[:length]
