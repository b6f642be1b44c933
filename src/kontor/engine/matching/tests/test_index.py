"""The index: changes in steps give what building at once gives."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.entry import Entry, encode_profile, encode_profiles
from kontor.engine.matching.index import Index
from kontor.engine.matching.model import Code, Profile, Query, Statement
from kontor.engine.matching.tests.doubles import ENCODER, LEXICON, ask, index_of, offer

WORDS = ["heat", "pumps", "solar", "storage", "dairy", "sensor", "gas", "metal", "control", "software"]
QUERY = Query(text="heat pumps and gas sensor control", language="en", audiences=("public", "teaser"), top=50)

profiles = st.builds(
    lambda key, words, audience, country, introductions: offer(
        f"f{key}",
        " ".join(words),
        country=country,
        introductions=introductions,
        codes=(Code("nace", "28.25"),),
        statement_audience=audience,
        statement_teaser=" ".join(words[:2]),
    ),
    st.integers(0, 12),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6),
    st.sampled_from(["public", "teaser", "members"]),
    st.sampled_from(["DE", "NL", ""]),
    st.integers(0, 3),
)
changes = st.lists(
    st.tuples(st.lists(profiles, max_size=4, unique_by=lambda p: p.key), st.integers(0, 12)), max_size=14
)


@settings(max_examples=60, deadline=None)
@given(changes)
def test_index_changed_in_steps_answers_like_one_built_at_once(
    steps: list[tuple[list[Profile], int]],
) -> None:
    index, held = Index(), {}
    for added, removed in steps:
        index = index.updated(encode_profiles(added, LEXICON, ENCODER), [f"f{removed}"])
        held.pop(f"f{removed}", None)
        held |= {profile.key: profile for profile in added}
    rebuilt = index_of(held.values())
    assert set(index.keys()) == set(held)
    assert list(index.entries()) == list(rebuilt.entries())
    assert ask(index, QUERY) == ask(rebuilt, QUERY)


def test_many_changes_are_compacted() -> None:
    index = Index()
    for number in range(60):
        index = index.updated([encode_profile(offer(f"f{number % 20}"), LEXICON, ENCODER)])
    assert len(index) == 20
    assert len(index.segments) <= 9


def test_an_old_index_is_not_disturbed() -> None:
    before = index_of([offer("a"), offer("b", "Solar storage")])
    before.updated([encode_profile(offer("c"), LEXICON, ENCODER)], ["a"])
    assert ask(before, QUERY).matches[0].key == "a"


def test_entry_survives_its_row() -> None:
    teaser = Statement("t", "need", "secret", "en", audience="teaser", teaser="We look for something")
    profile = Profile(
        "x", "X", summary="We heat", summary_language="en", statements=(teaser, *offer("x").statements)
    )
    entry = encode_profile(profile, LEXICON, ENCODER)
    row = json.loads(json.dumps(entry.as_json()))
    assert Entry.from_json(row, entry.vectors) == entry
    assert Index.build([entry]).entry("x") == entry


def test_entry_of_another_format_is_refused() -> None:
    row = encode_profile(offer("x"), LEXICON).as_json() | {"format": 0}
    with pytest.raises(InvalidInput, match="another version"):
        Entry.from_json(row)


def test_entry_without_vectors_is_found_by_words() -> None:
    index = Index.build(
        [encode_profile(offer("a"), LEXICON), encode_profile(offer("b", "Translations"), LEXICON)]
    )
    result = ask(index, Query(text="heat pumps", language="en"))
    assert [match.key for match in result.matches] == ["a"]


def test_one_key_twice_is_refused() -> None:
    with pytest.raises(InvalidInput, match="twice"):
        index_of([offer("a"), offer("a")])


def test_long_profiles_are_capped() -> None:
    statements = tuple(Statement(f"s{n}", "offer", f"We build pump {n}. " * 60, "en") for n in range(40))
    entry = encode_profile(Profile("big", "Big", statements=statements), LEXICON)
    assert len(entry.passages) <= 64
