"""The shipped programmes: documented figures, texts in every language, and sensible answers."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

import kontor
from kontor.programmes import Partner, Programme, State, Team, assess, shipped
from kontor.programmes.tests.teams import institute, sme

SHIPPED = shipped()
D = Decimal


def test_six_programmes_and_a_variant() -> None:
    assert list(SHIPPED) == [
        "cleantech-energy-crossing",
        "danubiovalnet",
        "green-energy-clusters",
        "rocket",
        "rocket-reloaded",
        "s3-4alpclusters",
        "scale-up",
    ]


@pytest.mark.parametrize("programme", SHIPPED.values(), ids=list(SHIPPED))
def test_complete(programme: Programme) -> None:
    assert programme.languages == ("en", "de", "nl")
    assert programme.areas
    assert programme.instruments
    assert programme.defaults
    assert programme.sources
    for instrument in programme.instruments:
        assert set(instrument.name) == {"en", "de", "nl"}
        found = assess(programme, instrument, Team())
        assert all(answer.wording("nl") for answer in found.answers)
        assert (found.state == State.YES) == (instrument.rules == ())


def test_cleantech_energy_crossing_is_financed_to_the_cent() -> None:
    found = SHIPPED["cleantech-energy-crossing"]
    amounts = {f.key: f.amount for f in found.financing}
    assert amounts["erdf"] == D("2427903.65") == (found.budget or 0) / 2
    assert found.financed({"national", "regional"}, "DE") == D("354187.32")
    assert found.financed({"national", "regional"}, "NL") == D("354187.33")
    assert found.financed({"eu", "national", "regional"}) == D("3136278.30")
    assert found.financed({"own"}) == D("1719529.00")
    assert sum(a or 0 for a in amounts.values()) == found.budget == D("4855807.30")
    assert round(D("3136278.30") * 100 / D("4855807.30"), 2) == D("64.59")


def test_cleantech_energy_crossing_results() -> None:
    found = SHIPPED["cleantech-energy-crossing"]
    assert {i.code: i.readings[0].amount for i in found.indicators if i.code} == {
        "CO02": 27,
        "CO06": D("647538.90"),
        "CO08": 21,
        "CO24": 9,
        "CO41": 34,
        "CO42": 4,
    }
    assert found.indicator("products").readings[0].amount == 15


def test_cleantech_energy_crossing_needs_both_sides_and_prefers_an_institute() -> None:
    found = SHIPPED["cleantech-energy-crossing"]
    nl, de = sme("a", nuts="NL226"), sme("b", "DE", nuts="DEA1B")
    about = Team((nl, de), themes=("smart-at-home",), months=12, cost=D(100), grant=D("64.59"))
    assessed = assess(found, found.instrument("sub-project"), about)
    assert (assessed.state, assessed.broken) == (State.YES, ("research-partner",))
    with_institute = Team((nl, de, institute("i", "DE", nuts="DEA34")), **_facts(about))
    assert assess(found, found.instrument("sub-project"), with_institute).broken == ()
    alone = Team((nl,), **_facts(about))
    assert assess(found, found.instrument("sub-project"), alone).broken == (
        "minimum-countries",
        "smes-per-side",
        "research-partner",
    )


def _facts(team: Team) -> dict[str, object]:
    return {name: getattr(team, name) for name in ("themes", "months", "cost", "grant")}


def test_scale_up_figures_and_voucher() -> None:
    found = SHIPPED["scale-up"]
    events, smes, uptakes = (found.indicator(key) for key in ("events", "smes", "uptakes"))
    assert [i.readings[0].amount for i in (events, smes, uptakes)] == [52, 565, 17]
    assert round(D(17) * 100 / 565, 1) == D("3.0")
    assert round(D(17) * 100 / (uptakes.target or 0)) == 68
    voucher = found.instrument("meet-the-buyer-voucher")
    assert [(lump.days, lump.amount) for lump in voucher.lump_sums] == [(3, D("390.00")), (5, D("780.00"))]
    member = sme("a", "GB", nuts="UKH12", clusters=("cambridge",), in_difficulty=False)
    assert assess(found, voucher, Team((member,), cost=D(780), grant=D(780))).state == State.YES
    outsider = Partner("b", country="DK", kind="firm", size="large", clusters=())
    assert assess(found, voucher, Team((outsider,))).broken == ("minimum-smes",)


def test_scale_up_verdicts() -> None:
    assessment = SHIPPED["scale-up"].instrument("transnational-service").assessment
    assert assessment is not None
    assert [(v.key, v.passes) for v in assessment.verdicts] == [
        ("strong", True),
        ("sufficient", True),
        ("weak", False),
        ("insufficient", False),
    ]
    assert {c.group: c.knock_out for c in assessment.criteria} == {"strategic": True, "operational": False}


def test_green_energy_clusters_targets() -> None:
    found = SHIPPED["green-energy-clusters"]
    assert {i.key: i.target for i in found.indicators} == {"clusters": 5, "members": 200, "activities": 40}


def test_s3_4alpclusters_money() -> None:
    found = SHIPPED["s3-4alpclusters"]
    assert found.financed({"eu"}) == D("1929500.00")
    assert round(D("1929500") * 100 / D("2521964"), 1) == D("76.5")
    assert len(found.sides) == 11
    assert {e.region: e.amount for e in found.envelopes} == {
        "DE1": 300000,
        "AT31": 200000,
        "SI": 100000,
        "FRC2": 100000,
    }


def test_danubiovalnet_rules() -> None:
    found = SHIPPED["danubiovalnet"]
    project = found.instrument("cooperation-project")
    partners = (
        Partner("l", country="RS", nuts="RS110", kind="cluster", lead=True),
        Partner("a", country="AT", nuts="AT130", kind="cluster"),
        Partner("b", country="DE", nuts="DE111", kind="public"),
    )
    about = Team(partners, months=37, cost=D(100), grant=D(86))
    assert assess(found, project, about).broken == ("lead-region", "rate", "duration")


def test_no_code_names_a_programme() -> None:
    """Programmes are data: outside the library only tests may name one."""
    root = Path(kontor.__file__).parent
    named = re.compile("|".join([*SHIPPED, *(p.name["en"] for p in SHIPPED.values())]), re.IGNORECASE)
    files = [*root.rglob("*.py"), *root.rglob("wording/*.toml"), *root.glob("codes/data/*.toml")]
    code = [path for path in files if not {"tests", "library"} & set(path.parts)]
    assert code
    assert [str(path) for path in code if named.search(path.read_text(encoding="utf-8"))] == []
