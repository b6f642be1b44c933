"""Pages to print: a template in the layout language Typst, filled with plain data.

Typst comes as one wheel with its own fonts: nothing is fetched and nothing of the machine's is read. What
people wrote reaches the template as data and can therefore never be read as markup. The same data at the same
moment give the same bytes; the pages carry tags for screen readers (PDF/UA-1).
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.http import HttpResponse

HERE = Path(__file__).parent
#: So many characters without a space do not fit into a narrow column.
LONG = re.compile(r"\S{40}(?=\S)")


def pdf_of(
    template: Path,
    values: Mapping[str, Any],
    *,
    title: str,
    language: str,
    words: Mapping[str, str],
    site: str,
    footer: str,
    at: dt.datetime,
) -> bytes:
    """The filled template as PDF. The template sees `values` and what else is given here as `told`.

    `words` are the interface's words, translated into `language`; `at` is the moment that the file names as
    its making. Values are texts, numbers, lists and dictionaries. RuntimeError where the template has a
    fault.
    """
    told = {
        **_breakable(dict(values)),
        "title": title,
        "language": language,
        "words": dict(words),
        "site": site,
        "footer": footer,
    }
    return bytes(
        typst.compile(  # type: ignore[call-overload]  # the stub wants a root of bytes; it takes a path
            _source(template).encode(),
            root=str(HERE),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"told": json.dumps(told, ensure_ascii=False, default=str)},
            pdf_standards="ua-1",
            timestamp=at.replace(microsecond=0),
        )
    )


def _breakable(value: Any) -> Any:
    """Texts whose long words, addresses most of all, may break: else they run over the edge of the page."""
    if isinstance(value, str):
        return LONG.sub("\\g<0>\u200b", value)
    if isinstance(value, Mapping):
        return {key: _breakable(one) for key, one in value.items()}
    return [_breakable(one) for one in value] if isinstance(value, list | tuple) else value


@cache
def _source(template: Path) -> str:
    layout = (HERE / "layout.typ").read_text(encoding="utf-8")
    return f"{layout}\n{template.read_text(encoding='utf-8')}"


def answer_with_pdf(content: bytes, name: str) -> HttpResponse:
    """The file as a download that is never kept by a cache."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
