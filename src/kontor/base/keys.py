"""Random keys for the `key` fields that appear in addresses and files."""

from __future__ import annotations

import secrets

# Crockford's base 32, lower case: no i, l, o, u, so a key survives being read out on the telephone.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_key(length: int = 12) -> str:
    """A random key of `length` characters, 5 bits each (12 characters: 60 bits)."""
    bits = secrets.randbits(5 * length)
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in range(length))
