"""Secrets that are shown or mailed once and kept as digests only."""

from __future__ import annotations

import hashlib
import secrets


def new_secret() -> str:
    """256 random bits in 43 characters that are safe in an address."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """SHA-256 in hexadecimal; enough for secrets of 256 bits, which nobody guesses."""
    return hashlib.sha256(secret.encode()).hexdigest()
