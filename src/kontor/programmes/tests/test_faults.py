"""Faults beyond the form: money that does not add up, names that lead nowhere; each with its line."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontor import programmes
from kontor.programmes import Problem, Team, assess, divide
from kontor.programmes.as_json import as_json
from kontor.programmes.forms import form_for
from kontor.programmes.tests.teams import BORDER

FULL = (
    BORDER.replace('version = "1"', 'version = "1"\nbudget = 1_000.00', 1)
    + """
[[part]]
key = "closed"
share = 40
name = { en = "Closed", de = "Zu" }

[[part]]
key = "open"
share = 60
name = { en = "Open", de = "Auf" }

[[envelope]]
key = "calls"
part = "open"
amount = 600.00
name = { en = "Calls", de = "Aufrufe" }

[[financing]]
key = "fund"
kind = "eu"
amount = 333.33
rate = 33.33
name = { en = "Fund", de = "Fonds" }

[[financing]]
key = "own"
kind = "own"
country = "DE"
amount = 666.67
name = { en = "Own", de = "Eigen" }

[[role]]
key = "jury"
name = { en = "Jury", de = "Jury" }

[[rule]]
rule = "mandatory-themes"
themes = ["heat"]

[[instrument]]
key = "project"
kind = "innovation-project"
part = "open"
rate = 60
project_ceiling = 100.00
grant_ceiling = 60.00
least_months = 6
most_months = 12
name = { en = "Project", de = "Projekt" }

[[instrument.rule]]
rule = "minimum-partners"
minimum = 2

[[instrument.rule]]
rule = "maximum-partners"
maximum = 4

[[instrument.rule]]
rule = "lead-region"
area = "north"

[[instrument.rule]]
rule = "smes-per-side"
minimum = 1
sides = ["de", "nl"]

[[instrument.phase]]
key = "pitch"
role = "jury"
name = { en = "Pitch", de = "Vorstellung" }

[[instrument.call]]
key = "2027"
opens = 2027-02-01
closes = 2027-04-30
jury = 2027-05-20

[instrument.assessment]
method = "points"
lowest = 1
highest = 5

[[instrument.assessment.criterion]]
key = "use"
weight = 70
name = { en = "Use", de = "Nutzen" }

[[instrument.assessment.criterion]]
key = "plan"
weight = 30
name = { en = "Plan", de = "Plan" }

[[instrument.assessment.criterion.anchor]]
value = "3"
text = { en = "Fair", de = "Ordentlich" }

[[indicator]]
key = "all"
unit = "organisations"
sum_of = ["firms"]
name = { en = "All", de = "Alle" }

[[indicator.reading]]
amount = 3
source = "Report"

[[indicator]]
key = "firms"
unit = "firms"
subset_of = "all"
name = { en = "Firms", de = "Firmen" }

[[indicator.reading]]
amount = 3
source = "Report"

[[default]]
path = "instrument.project.rate"
reason = "Usual."

[[variant]]
key = "later"
version = "2"
drop = ["starts"]

[[variant.instrument]]
key = "project"
grant_ceiling = 50.00

[[variant.instrument.rule]]
rule = "maximum-partners"
drop = true
"""
)


def faults(old: str = "", new: str = "") -> list[Problem]:
    assert old in FULL
    return programmes.check(FULL.replace(old, new, 1).encode())[1]


def test_sound() -> None:
    assert faults() == []


#: What replaces what in the full file, where the fault is told, and what it says.
FAULTS = [
    ("share = 60", "share = 59", "part[2].share", "takes all parts together to 99 percent"),
    ("amount = 600.00", "amount = 600.01", "envelope[1].amount", "0.01 over the 600.00"),
    ('part = "open"\namount', 'part = "shut"\namount', "envelope[1].part", "'shut'"),
    ("amount = 666.67", "amount = 666.68", "financing[2].amount", "0.01 more than the budget"),
    ("rate = 33.33", "rate = 33.34", "financing[1].rate", "33.33 percent of the budget"),
    ("rate = 33.33", "rate = 133", "financing[1].rate", "is 133"),
    ('country = "DE"', 'country = "XX"', "financing[2].country", "no country code"),
    ('countries = ["DE"]', 'countries = ["XX"]', "side[1].countries", "no country code"),
    ('kind = "eu"', 'kind = "gift"', "financing[1].kind", "'gift'"),
    ('part = "open"\nrate', 'part = "shut"\nrate', "instrument[1].part", "'shut'"),
    ("grant_ceiling = 60.00", "grant_ceiling = 60.01", "instrument[1].grant_ceiling", "than 60 percent"),
    ("least_months = 6", "least_months = 13", "instrument[1].least_months", "no greater most_months"),
    ('themes = ["heat"]', 'themes = ["cold"]', "rule[1].themes", "'cold'"),
    ('rule = "minimum-partners"', 'rule = "minimum-partner"', "instrument[1].rule[1].rule", "is no rule"),
    ("minimum = 2", "minimun = 2", "instrument[1].rule[1].minimun", "not a key"),
    ("minimum = 2", "minimum = 5", "instrument[1].rule[1].minimum", "more than the most, 4"),
    ("maximum = 4", 'maximum = "4"', "instrument[1].rule[2].maximum", "'4'"),
    ('area = "north"', 'area = "south"', "instrument[1].rule[3].area", "'south'"),
    ('sides = ["de", "nl"]', 'sides = ["be"]', "instrument[1].rule[4].sides", "'be'"),
    ('"lead-region"', '"lead-region"\nkey = "minimum-partners"', "instrument[1].rule[3]", "stands twice"),
    ('role = "jury"', 'role = "judge"', "instrument[1].phase[1].role", "'judge'"),
    ("closes = 2027-04-30", "closes = 2027-01-30", "instrument[1].call[1].closes", "before the opening"),
    ("jury = 2027-05-20", "jury = 2027-04-20", "instrument[1].call[1].jury", "before the end"),
    ("closes = 2027-04-30\n", "", "instrument[1].call[1]", "'closes' is missing"),
    ("weight = 30", "weight = 31", "instrument[1].assessment.criterion[2]", "together to 101"),
    ('value = "3"', 'value = "6"', "instrument[1].assessment.criterion[2].anchor[1].value", "'6'"),
    ('method = "points"', 'method = "verdicts"', "instrument[1].assessment", "at least two verdicts"),
    ("highest = 5", "highest = 1", "instrument[1].assessment.highest", "not above the lowest"),
    ('sum_of = ["firms"]', 'sum_of = ["banks"]', "indicator[1].sum_of", "'banks'"),
    ("amount = 3\n", "amount = 4\n", "indicator[1].reading[1].amount", "its parts make 3"),
    ("instrument.project.rate", "instrument.voucher.rate", "default[1].path", "leads to no value"),
    ('key = "later"', 'key = "border"', "variant[1].key", "is taken"),
    ("grant_ceiling = 50.00", "grant_ceiling = 70.00", "variant[1].instrument[1].grant_ceiling", "60"),
    ('key = "later"\n', 'key = "later"\nbugdet = 1\n', "variant[1].bugdet", "not a key"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "path", "message"), FAULTS)
def test_each_fault_is_told_once_at_its_line(old: str, new: str, path: str, message: str) -> None:
    found = [problem for problem in faults(old, new) if message in problem.message]
    assert [problem.path for problem in found] == [path]
    text = FULL.replace(old, new, 1).splitlines()
    key = path.rpartition(".")[2].partition("[")[0]
    line = text[found[0].line - 1]
    assert key in line
    assert found[0].remedy


def test_a_text_published_before_a_check_came_is_read_and_used() -> None:
    """Whatever today's checks say of it: rules answer, forms are asked, the budget stands. Rules and the
    parameters that they cannot do without never go, so texts that lack those are no texts of old.
    """
    stay = ('rule = "minimum-partner"', "minimun = 2")
    older = [(old, new) for old, new, _path, _message in FAULTS if new not in stay]
    older += [("[instrument.assessment]", 'form = "told"\n\n[instrument.assessment]')]
    for old, new in older:
        text = FULL.replace(old, new, 1)
        assert programmes.check(text.encode())[1], new
        found = programmes.recall(text.encode(), "old.toml")
        project = found.instrument("project")
        assert found.budget == 1000
        assert len(assess(found, project, Team()).answers) == len(project.rules), new
        assert form_for(found, project) == form_for(found, replace(project, form="")), new
        assert as_json(found)["key"] == found.key


def test_what_is_no_toml_cannot_be_recalled() -> None:
    with pytest.raises(programmes.ProgrammeError, match="is not TOML"):
        programmes.recall(b"schema =", "old.toml")


def test_subset_exceeds_its_whole() -> None:
    text = FULL.replace('sum_of = ["firms"]\n', "").replace("amount = 3\n", "amount = 2\n", 1)
    assert [p.message for p in programmes.check(text.encode())[1]] == ["is 3, more than the 2 of 'all'."]


def test_two_parts_of_one_side_only() -> None:
    """A rule about sides needs two of them."""
    start = FULL.index('[[side]]\nkey = "nl"')
    text = FULL[:start] + FULL[FULL.index("[[theme]]") :]
    text = text.replace('sides = ["de", "nl"]\n', "")
    assert [p.message for p in programmes.check(text.encode())[1]] == ["needs sides of a border."]


def test_variant_drops_a_rule_and_changes_a_ceiling() -> None:
    found = programmes.parse(FULL.encode(), "full.toml")
    later = found.variants[0].instrument("project")
    assert {u.key for u in found.instrument("project").rules} - {u.key for u in later.rules} == {
        "maximum-partners"
    }
    assert (later.grant_ceiling, later.project_ceiling) == (Decimal("50.00"), Decimal("100.00"))


def test_general_rule_is_stated_otherwise_by_an_instrument() -> None:
    extra = '\n[[instrument.rule]]\nrule = "mandatory-themes"\nthemes = ["grid"]\n\n[[instrument.phase]]'
    text = FULL.replace("\n[[instrument.phase]]", extra, 1)
    found = programmes.parse(text.encode(), "full.toml").instrument("project")
    assert [u.values["themes"] for u in found.rules if u.rule == "mandatory-themes"] == [("grid",)]


@given(
    st.decimals(min_value=0, max_value=10**9, places=2),
    st.lists(st.decimals(min_value=0, max_value=100, places=2), min_size=1, max_size=8),
)
def test_division_loses_no_cent(amount: Decimal, weights: list[Decimal]) -> None:
    if sum(weights) == 0:
        with pytest.raises(ValueError, match="Weights"):
            divide(amount, weights)
        return
    shares = divide(amount, weights)
    assert sum(shares) == amount
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - amount * weight / sum(weights)) < Decimal("0.01")


def test_division_gives_the_last_cent_to_who_lost_most() -> None:
    assert divide(Decimal("1.00"), [Decimal(1)] * 3) == (Decimal("0.34"), Decimal("0.33"), Decimal("0.33"))
    assert divide(Decimal("9994868.76"), [Decimal(40), Decimal(60)]) == (
        Decimal("3997947.50"),
        Decimal("5996921.26"),
    )
