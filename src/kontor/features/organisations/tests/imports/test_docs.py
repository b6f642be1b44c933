"""The format page names every column, header and word, and its example can be imported."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from kontor.features.organisations.imports.catalogue import (
    HEADER_LANGUAGES,
    choices,
    label,
    part_names,
    plain_fields,
)
from kontor.features.organisations.tests.imports.test_runs import check, counted

PAGE = Path(__file__).resolve().parents[6] / "docs" / "formats" / "organisations.md"


def test_every_column_and_header_is_documented() -> None:
    text = PAGE.read_text(encoding="utf-8")
    names = list(plain_fields())
    for group in ("contact", "offer", "need", "competence"):
        names += [f"{group}_1_{part}" for part in part_names(group)]
    for name in names:
        headers = " | ".join(label(name, language) for language in HEADER_LANGUAGES[:4])
        assert f"| `{name}` | {headers} |" in text, name


def test_every_word_of_a_choice_is_documented() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for field in ("kind", "size", "listing", "visibility"):
        for word, spellings in choices(field).items():
            assert f"| `{word}` | {', '.join(spellings)} |" in text, (field, word)


@pytest.mark.django_db
def test_the_example_can_be_imported(tmp_path: Path) -> None:
    example = PAGE.read_text(encoding="utf-8").partition("## Example")[2]
    (tmp_path / "f.csv").write_text(textwrap.dedent(example).strip() + "\n", encoding="utf-8")
    assert counted(check(tmp_path / "f.csv")) == [1, 0, 0, 0]
