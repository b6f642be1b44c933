from hypothesis import given
from hypothesis import strategies as st

from kontor.features.organisations.threeway import FieldConflict, join

VALUES = st.dictionaries(st.sampled_from("abc"), st.integers(0, 2), min_size=3, max_size=3)


def test_different_fields_are_joined() -> None:
    base = {"name": "A", "place": "X"}
    joined = join(base, {"name": "B", "place": "X"}, {"name": "A", "place": "Y"})
    assert joined.values == {"name": "B", "place": "Y"}
    assert joined.conflicts == ()
    assert joined.changed_by_them == ("name",)


def test_one_field_changed_twice_is_a_conflict_that_keeps_what_is_stored() -> None:
    joined = join({"name": "A"}, {"name": "B"}, {"name": "C"})
    assert joined.conflicts == (FieldConflict("name", "A", "B", "C"),)
    assert joined.values == {"name": "B"}


def test_the_same_change_twice_is_no_conflict() -> None:
    assert join({"name": "A"}, {"name": "B"}, {"name": "B"}).conflicts == ()


def test_sets_are_joined_member_by_member() -> None:
    joined = join({"tags": ["a", "b"]}, {"tags": ["b", "c"]}, {"tags": ["a", "b", "d"]}, sets=("tags",))
    assert joined.values == {"tags": ["b", "c", "d"]}


@given(VALUES, VALUES, VALUES)
def test_without_conflict_every_change_of_either_is_kept(base: dict, theirs: dict, mine: dict) -> None:
    joined = join(base, theirs, mine)
    for field in base:
        if field in {conflict.field for conflict in joined.conflicts}:
            assert theirs[field] != mine[field] != base[field]
            continue
        changed = {value for value in (theirs[field], mine[field]) if value != base[field]}
        assert joined.values[field] in (changed or {base[field]})
