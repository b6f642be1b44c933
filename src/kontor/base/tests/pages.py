"""What a PDF says, for tests."""

from __future__ import annotations

import io

from pypdf import PdfReader


def text_of(content: bytes) -> str:
    """All pages as one line of words."""
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
