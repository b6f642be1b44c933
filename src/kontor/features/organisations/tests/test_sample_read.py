"""What the reader refuses, and that it says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from kontor.features.organisations.sample.model import SampleError
from kontor.features.organisations.sample.read import read_sample

ORGANISATION = """
[[organisation]]
key = "smp000000001"
name = "Zoutdorp"
kind = "cluster"
size = "small"
language = "nl"
country = "NL"
consent_days_ago = 3
codes = ["nace:94.11"]

[[organisation.statement]]
key = "smp000000002"
kind = "need"
language = "nl"
text = "Wij zoeken een pomp."
confirmed_days_ago = 3

[[organisation.statement]]
key = "smp000000003"
kind = "offer"
language = "nl"
text = "Wij maken pompen."
confirmed_days_ago = 3
"""
PAIR = '[[pair]]\nabout = "pump"\nneed = "smp000000002"\noffers = ["smp000000003"]\n'
USER = """
[[user]]
email = "owner@sample.kontor.example"
name = "Ties"
language = "nl"
roles = [{ role = "owner", scope = "organisation", key = "smp000000001" }]
"""


def _folder(tmp_path: Path, **texts: str) -> Path:
    standard = {"nl": ORGANISATION, "pairs": PAIR, "users": USER}
    for name, text in {**standard, **texts}.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_reads_organisations_statements_pairs_and_users(tmp_path: Path) -> None:
    sample = read_sample(_folder(tmp_path))
    (organisation,) = sample.organisations
    assert (organisation.name, organisation.codes) == ("Zoutdorp", ("nace:94.11",))
    assert [statement.kind for statement in organisation.statements] == ["need", "offer"]
    assert sample.pairs[0].offers == ("smp000000003",)
    assert sample.users[0].roles[0].key == organisation.key


@pytest.mark.parametrize(
    ("old", "new", "path", "message"),
    [
        ('size = "small"', 'sise = "small"', "nl.toml: smp000000001: sise", "no such field"),
        ('size = "small"\n', "", "nl.toml: smp000000001: size", "is missing"),
        ('country = "NL"', 'country = "DE"', "nl.toml: smp000000001: country", "another file"),
        ("smp000000003", "smp000000002", "key 'smp000000002'", "used twice"),
        ("smp000000003", "smp00000000u", "key 'smp00000000u'", "not a sample key"),
        ("nace:94.11", "nace:94.77", "smp000000001: codes", "'nace:94.77' is in no list"),
        ("nace:94.11", "street:5", "smp000000001: codes", "'street:5' is in no list"),
        (
            "codes = [",
            'memberships = [{ cluster = "smp000000009", since = "2020-01-01" }]\ncodes = [',
            "smp000000001: membership",
            "'smp000000009' is no other cluster",
        ),
        ('language = "nl"\ntext', "text", "nl.toml: smp000000001: statement 1: language", "is missing"),
        ("kind = ", "kind ", "nl.toml", "Expected '='"),
    ],
)
def test_refuses_a_wrong_organisation(tmp_path: Path, old: str, new: str, path: str, message: str) -> None:
    with pytest.raises(SampleError) as caught:
        read_sample(_folder(tmp_path, nl=ORGANISATION.replace(old, new, 1)))
    assert caught.value.path == path
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("name", "text", "path", "message"),
    [
        ("pairs", PAIR.replace("0003", "0004"), "pairs.toml", "'smp000000004' is no statement"),
        ("pairs", '[[pear]]\nabout = "pump"\n', "pairs.toml", "only [[pair]] tables"),
        (
            "users",
            USER.replace("smp000000001", "smp000000002"),
            "users.toml: owner@sample.kontor.example: role",
            "'smp000000002' is no organisation",
        ),
    ],
)
def test_refuses_references_that_lead_nowhere(
    tmp_path: Path, name: str, text: str, path: str, message: str
) -> None:
    with pytest.raises(SampleError) as caught:
        read_sample(_folder(tmp_path, **{name: text}))
    assert caught.value.path == path
    assert message in caught.value.message
