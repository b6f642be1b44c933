"""Words of the search box.

The answers are literal, and the suite runs on SQLite and on PostgreSQL: the same.
"""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.db import connection

from kontor.features.organisations import actions
from kontor.features.organisations.directory import fulltext
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.tests.factories import ACTOR, organisation

pytestmark = pytest.mark.django_db
SOLAR, WATER = "Sølar Müller GmbH", "Čista voda d.o.o."


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("müller sølar", [SOLAR]),
        ("solar MULLER", [SOLAR]),
        ("mueller", [SOLAR]),
        ("mül sol", [SOLAR]),
        ("flensb", [SOLAR]),
        ("photovolt", [SOLAR]),
        ("cista", [WATER]),
        ("voda čis ljub", [WATER]),
        ("lodz", [WATER]),
        ("d.o.o.", [WATER]),
        ("olar", []),
        ("müller voda", []),
        ('\'; DROP TABLE "x" --', []),
        ("sol* OR voda", []),
    ],
)
def test_words_in_any_order_by_their_beginnings(find, directory, words, expected):
    assert find(f"q={quote(words)}") == expected


def test_a_text_without_letters_narrows_nothing(find, directory):
    assert find("q=%2A%26%21") == ["Čista voda d.o.o.", "Cluster Energie Nord e.V.", SOLAR]


def test_names_in_other_languages_are_found_and_forgotten(find, directory):
    water = directory["water"]
    renamed = {"organisation": water, "field": "name", "language": "de", "origin": "human", "actor": ACTOR}
    actions.set_translation(text="Reines Wasser", **renamed)
    assert find("q=reines") == [WATER]
    actions.change_organisation(organisation=water, values={"place": "Maribor"}, actor=ACTOR)
    assert find("q=wasser+maribor") == [WATER]
    actions.set_translation(text="", **renamed)
    assert find("q=reines") == []


def test_rows_written_past_the_actions_are_found_and_deleted_ones_are_not(find, directory):
    Organisation.objects.filter(pk=directory["water"].pk).update(search_text="rohr bruch")
    assert find("q=bruch") == [WATER]
    assert find("q=voda") == []
    Organisation.objects.bulk_create(
        [Organisation(key="raw", name="Raw", name_key="raw", country="DE", search_text="bruchstein")]
    )
    assert find("q=bruch") == [WATER, "Raw"]
    Organisation.objects.filter(key="raw").delete()
    assert find("q=bruchstein") == []


def test_what_search_needs_is_made_again_where_it_was_lost(find, directory):
    if connection.vendor == "postgresql":
        drop = "ALTER TABLE organisations_organisation DROP COLUMN search_vector"
    else:
        drop = "DROP TRIGGER organisations_search_insert"
    connection.check_constraints()  # PostgreSQL alters no table while checks of its rows are due
    with connection.cursor() as cursor:
        cursor.execute(drop)
    fulltext.install()
    organisation("Spät Gefunden")
    assert find("q=gefunden") == ["Spät Gefunden"]
    assert find("q=voda") == [WATER]


def test_at_most_twelve_words_count(directory):
    assert fulltext.query_words("a b c d e f g h i j k l m n a") == list("abcdefghijkl")
