from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from kontor.base.components.icons import PATHS, icon
from kontor.base.templatetags import kontor as tags

LONGEST = "Forschungsgesellschaft für Energiespeichertechnologie " * 5


def drawn(source: str, path: str = "/", **context: Any) -> str:
    request = RequestFactory().get(path)
    return Template("{% load kontor %}" + source).render(Context({"request": request, **context}))


@pytest.mark.parametrize("name", sorted(PATHS))
def test_icons_are_hidden_unless_they_have_a_label(name: str) -> None:
    assert 'aria-hidden="true"' in icon(name)
    assert 'aria-label="a &lt;b&gt;"' in icon(name, "a <b>")


def test_words_are_escaped_and_block_content_is_not() -> None:
    page = drawn("{% notice title=evil %}<p>{{ evil }}</p>{% endnotice %}{% badge evil %}", evil="<script>")
    assert "<script>" not in page
    assert page.count("&lt;script&gt;") == 3
    assert "<p>" in page


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="none of bad, good, info, neutral, warn"):
        drawn('{% badge "x" kind="purple" %}')


def test_sorting_turns_round_and_starts_at_the_first_page() -> None:
    head = '{% sort_head "name" "Name" %}'
    assert 'href="?q=a&amp;sort=name"' in drawn(head, "/?q=a&page=4")
    assert 'href="?sort=-name"' in drawn(head, "/?sort=name")
    assert 'aria-sort="ascending"' in drawn(head, "/?sort=name")
    assert 'aria-sort="descending"' in drawn(head, "/?sort=-name")
    assert "aria-sort" not in drawn(head, "/?sort=country")


@pytest.mark.parametrize(("rows", "links"), [(0, 0), (1, 0), (25, 0), (26, 3), (10_000, 5)])
def test_pages_of_short_and_long_lists(rows: int, links: int) -> None:
    page = drawn("{% pagination page %}", "/?q=a", page=Paginator(range(rows), 25).get_page(1))
    assert page.count("<a ") + page.count("<span>…") == (links if rows else 0)
    assert ("10,000" in page) == (rows == 10_000)


def test_a_page_in_the_middle_keeps_the_address() -> None:
    page = drawn("{% pagination page %}", "/?q=a&page=200", page=Paginator(range(10_000), 25).get_page(200))
    assert 'href="?q=a&amp;page=199"' in page
    assert 'aria-current="page" aria-label="Page 200"' in page


def test_facts_without_a_value_are_left_out() -> None:
    page = drawn("{% facts rows %}", rows=[("Staff", 0), ("VAT", None), ("Web", "")])
    assert page.count("<dt>") == 1
    assert "<dd>0</dd>" in page


def test_progress_knows_how_much_or_says_nothing() -> None:
    assert 'value="41"' in drawn("{% progress 41200 100000 %}")
    assert 'value="100"' in drawn("{% progress 7 5 %}")
    assert "value=" not in drawn("{% progress 3 0 %}")
    assert "hx-get" not in drawn("{% progress 3 0 %}")


def test_bars_have_a_point_in_every_language(settings: Any) -> None:
    settings.LANGUAGE_CODE = "de"
    parts = [
        SimpleNamespace(label=LONGEST, value=1, maximum=3),
        SimpleNamespace(label="b", value=9, maximum=0),
    ]
    page = drawn("{% score_parts parts 33 %}", parts=parts)
    assert 'width="33.3%"' in page
    assert 'width="0.0%"' in page


@pytest.mark.parametrize(
    ("language", "money", "day"),
    [
        ("en", "18,500.00\xa0EUR", "6 May 2026"),
        ("de", "18.500,00\xa0EUR", "6. Mai 2026"),
        ("nl", "18.500,00\xa0EUR", "6 mei 2026"),
    ],
)
def test_money_and_days_are_written_as_the_reader_does(language: str, money: str, day: str) -> None:
    with translation.override(language):
        assert tags.euro(Decimal("18500")) == money
        assert tags.euro(None) == "–"
        assert tags.day_text(dt.date(2026, 5, 6)) == day
