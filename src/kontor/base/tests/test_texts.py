"""Content texts per language: origin, out of date, the best one for a reader."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.base_user import AbstractBaseUser as User

from kontor.base.models import Text, TextOrigin
from kontor.base.texts import best_text, forget_texts, mark_stale, set_text, texts_of


@pytest.fixture
def thing(user_with: Callable[..., User]) -> User:
    """Any object with a primary key will do."""
    thing = user_with()
    set_text(thing, "summary", "de", "Wir bauen Pumpen", TextOrigin.SOURCE)
    set_text(thing, "summary", "en", "We build pumps", TextOrigin.HUMAN)
    set_text(thing, "summary", "nl", "Wij bouwen pompen", TextOrigin.MACHINE)
    return thing


def stale(thing: User) -> dict[str, bool]:
    return {language: row.stale for language, row in texts_of([thing], "summary")[thing.pk].items()}


def test_changed_source_makes_translations_stale(thing: User) -> None:
    assert stale(thing) == {"de": False, "en": False, "nl": False}
    set_text(thing, "summary", "de", "Wir bauen Ventile", TextOrigin.SOURCE)
    assert stale(thing) == {"de": False, "en": True, "nl": True}


def test_same_source_again_changes_nothing(thing: User) -> None:
    set_text(thing, "summary", "de", "Wir bauen Pumpen", TextOrigin.SOURCE)
    assert stale(thing) == {"de": False, "en": False, "nl": False}


def test_renewed_translation_is_fresh_again(thing: User) -> None:
    assert mark_stale(thing, "summary") == 2
    set_text(thing, "summary", "en", "We make pumps", TextOrigin.HUMAN)
    assert stale(thing) == {"de": False, "en": False, "nl": True}


def test_other_fields_and_objects_stay_as_they_are(thing: User, user_with: Callable[..., User]) -> None:
    other = user_with()
    set_text(other, "summary", "en", "Other", TextOrigin.HUMAN)
    set_text(thing, "name", "en", "Name", TextOrigin.HUMAN)
    mark_stale(thing, "summary")
    assert stale(other) == {"en": False}
    assert not texts_of([thing], "name")[thing.pk]["en"].stale


def test_reader_gets_own_language_else_the_source(thing: User, user_with: Callable[..., User]) -> None:
    def best(*languages: str) -> str:
        found = best_text(thing, "summary", languages)
        return found.text if found else ""

    assert best("nl", "en") == "Wij bouwen pompen"
    assert best("fr", "en") == "We build pumps"
    assert best("fr") == "Wir bauen Pumpen"
    assert best_text(user_with(), "summary", ["en"]) is None


def test_new_language_needs_no_migration(thing: User) -> None:
    set_text(thing, "summary", "mt", "Nibnu pompi", TextOrigin.HUMAN)
    assert texts_of([thing], "summary")[thing.pk]["mt"].text == "Nibnu pompi"


def test_empty_text_removes(thing: User) -> None:
    set_text(thing, "summary", "nl", "  ", TextOrigin.HUMAN)
    assert set(stale(thing)) == {"de", "en"}


def test_many_objects_in_one_question(
    thing: User, user_with: Callable[..., User], django_assert_num_queries: Callable[[int], object]
) -> None:
    others = [user_with() for _number in range(3)]
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        found = texts_of([thing, *others], "summary")
    assert [len(found[each.pk]) for each in (thing, *others)] == [3, 0, 0, 0]


def test_erased_object_leaves_no_text(thing: User) -> None:
    forget_texts([thing])
    assert Text.objects.count() == 0
