from __future__ import annotations

from types import SimpleNamespace

import pytest
import rules

from kontor.base import navigation

VISITOR = SimpleNamespace(is_authenticated=False)
NEVER = rules.predicate(lambda user: False, name="never")


@pytest.fixture(autouse=True)
def nothing_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_entries", {})


def test_only_pages_that_exist_and_may_be_opened_are_shown() -> None:
    navigation.register("find", "Start", "start")
    navigation.register("find", "Secret page", "design", NEVER)
    navigation.register("site", "Elsewhere", "no-such-page")
    sections = navigation.sections_for(VISITOR, "/elsewhere/")
    assert [(section.key, [link.label for link in section.links]) for section in sections] == [
        ("find", ["Start"])
    ]
    assert "Secret page" not in repr(sections)


def test_the_longest_address_is_where_one_is() -> None:
    navigation.register("find", "Start", "start", order=1)
    navigation.register("find", "Design", "design", order=2)

    def marks(path: str) -> list[str]:
        return [link.current for link in navigation.sections_for(VISITOR, path)[0].links]

    assert marks("/design/") == ["", "page"]
    assert marks("/design/more/") == ["", "true"]
    assert marks("/") == ["page", ""]


def test_pages_elsewhere_belong_to_the_entry_that_covers_them() -> None:
    navigation.register("find", "Start", "start", order=1)
    navigation.register("find", "Directory", "organisations:list", order=2, covers="design")

    def marks(path: str) -> list[str]:
        return [link.current for link in navigation.sections_for(VISITOR, path)[0].links]

    assert marks("/design/more/") == ["", "true"]
    navigation.register("find", "Design", "design", order=3)
    assert marks("/design/more/") == ["", "", "true"]


def test_a_page_of_a_hidden_entry_is_no_other_entrys() -> None:
    navigation.register("find", "Start", "start")
    navigation.register("find", "Secret page", "design", NEVER)
    assert [link.current for link in navigation.sections_for(VISITOR, "/design/")[0].links] == [""]


def test_registering_again_replaces_and_order_counts() -> None:
    navigation.register("find", "Old", "design", order=5)
    navigation.register("find", "New", "design", order=9)
    navigation.register("find", "First", "start", order=7)
    links = navigation.sections_for(VISITOR, "/")[0].links
    assert [link.label for link in links] == ["First", "New"]


def test_an_unknown_section_is_refused() -> None:
    with pytest.raises(ValueError, match="none of find, programmes, members, site, account"):
        navigation.register("nowhere", "X", "start")
