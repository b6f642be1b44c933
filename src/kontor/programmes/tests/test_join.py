"""Two people change one answer: nothing that anybody wrote is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontor.programmes.forms import Field, join
from kontor.programmes.forms.join import Joined
from kontor.programmes.schema import Column, Texts

LABEL = Texts({"en": "Label"})
PARAGRAPH = Field("p", "paragraph", LABEL)
TABLE = Field("t", "table", LABEL, columns=(Column("a", LABEL), Column("b", LABEL)))
BUDGET = Field("b", "budget", LABEL, columns=(Column("staff", LABEL, "money"),))
BASE = "We build lamps. They are bright. They last."


@pytest.mark.parametrize(
    ("theirs", "mine", "wanted"),
    [
        (BASE, "New.", Joined("New.", True)),
        ("New.", BASE, Joined("New.", True)),
        (
            "We build good lamps. They are bright. They last.",
            "We build lamps. They are bright. They last long.",
            Joined("We build good lamps. They are bright. They last long.", True),
        ),
        (
            "We build red lamps. They are bright. They last.",
            "We build blue lamps. They are bright. They last.",
            Joined("We build red lamps. They are bright. They last.", False),
        ),
        (
            f"{BASE} And one.",
            f"{BASE} And two.",
            Joined(f"{BASE} And one. And two.", True),
        ),
        ("They are bright. They last.", "We build lamps. They last.", Joined("They last.", True)),
    ],
)
def test_sentences_are_joined_where_nobody_touched_the_same(theirs: str, mine: str, wanted: Joined) -> None:
    assert join(PARAGRAPH, BASE, theirs, mine) == wanted


def test_a_line_of_text_is_never_mixed() -> None:
    assert join(Field("x", "text", LABEL), "a", "b", "c") == Joined("b", False)


def test_rows_join_cell_by_cell_and_a_changed_row_is_not_deleted() -> None:
    base = [{"id": "1", "a": "x", "b": "y"}, {"id": "2", "a": "z"}]
    theirs = [{"id": "1", "a": "X", "b": "y"}]
    mine = [{"id": "1", "a": "x", "b": "Y"}, {"id": "2", "a": "zz"}, {"id": "3", "a": "n"}]
    wanted = [{"id": "1", "a": "X", "b": "Y"}, {"id": "2", "a": "zz"}, {"id": "3", "a": "n"}]
    assert join(TABLE, base, theirs, mine) == Joined(wanted, True)
    clash = [{"id": "1", "a": "other", "b": "y"}, {"id": "2", "a": "z"}]
    assert join(TABLE, base, [{"id": "1", "a": "X", "b": "y"}], clash) == Joined(
        [{"id": "1", "a": "X", "b": "y"}], False
    )


def test_amounts_of_different_partners_never_meet() -> None:
    base: dict[str, Any] = {"a": {"staff": "1"}}
    joined = join(BUDGET, base, {"a": {"staff": "2"}}, {"a": {"staff": "1"}, "b": {"staff": "5"}})
    assert joined == Joined({"a": {"staff": "2"}, "b": {"staff": "5"}}, True)
    assert join(BUDGET, base, {"a": {"staff": "2"}}, {"a": {"staff": "3"}}).clean is False


def test_choices_and_files_join_like_sets() -> None:
    assert join(Field("c", "choices", LABEL), ["a", "b"], ["b"], ["a", "b", "c"]).value == ["b", "c"]
    one, two = {"key": "1", "name": "a"}, {"key": "2", "name": "b"}
    assert join(Field("f", "file", LABEL), [], [one], [two]).value == [one, two]


SENTENCES = st.lists(st.sampled_from(["One. ", "Two. ", "Three! ", "Four?\n", "Five. "]), max_size=6)


@given(SENTENCES, SENTENCES, SENTENCES)
def test_a_clean_join_holds_every_sentence_that_either_added(
    base: list[str], theirs: list[str], mine: list[str]
) -> None:
    mine = [*mine, "Mine alone. "]
    joined = join(PARAGRAPH, "".join(base), "".join(theirs), "".join(mine))
    if joined.clean:
        assert "Mine alone." in joined.value
    else:
        assert joined.value == "".join(theirs)
