"""Export, edit, re-import is a round trip, whatever the texts hold; and nobody exports what they may not
see.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontor.base.texts import set_text
from kontor.features.accounts.models import User
from kontor.features.organisations.actions import add_contact, set_figures
from kontor.features.organisations.imports.export import Scope, export, write_template
from kontor.features.organisations.imports.queries import problems_of
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.sample.load import load_sample
from kontor.features.organisations.tests.factories import ACTOR, cluster, membership, organisation, statement
from kontor.features.organisations.tests.imports.test_runs import check, counted, everything, imported

pytestmark = pytest.mark.django_db

# What spreadsheets, CSV and XML stumble over, and plain letters of many scripts.
ODD = st.sampled_from(["\n", "\r\n", '"', "'", ";", ",", "\t", "|", "=", "+", "-", "@", "=1+1", "'=x", "_x000D_", "<&>", "0012", "1.5", "2024-01-01"])  # fmt: skip  # noqa: E501
LETTERS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=12)
NASTY = st.lists(ODD | LETTERS, min_size=1, max_size=6).map("".join)
LINE = NASTY.map(lambda text: " ".join(text.split())).filter(bool)


def full(name: str = "Wind A GmbH", **fields: Any) -> Organisation:
    """An organisation with something in every table."""
    found = organisation(name, codes=[("nace", "27.11"), ("nace", "28.11"), ("theme", "hydrogen")], **fields)
    set_figures(organisation=found, year=2023, staff=None, turnover=None, balance=None, actor=ACTOR)
    statement(found, "We build rotors.", trl=7)
    statement(found, "We need steel.", kind="need", visibility="members")
    set_text(found, "name", "fr", "Vent A", "human")
    return found


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["technical", "en", "de", "nl", "fr"])
def test_an_export_changes_nothing_when_imported(tmp_path: Path, kind: str, language: str) -> None:
    home = cluster()
    member = full(
        vat="DE136695976", postcode="28195", place="Bremen", tags=["a", "b; c"], languages=["de", "en"]
    )
    membership(home, member)
    add_contact(organisation=member, name="Erika", email="e@a.example", phone="+49 421 1", actor=ACTOR)
    path = tmp_path / f"f.{kind}"
    assert (
        export(
            Organisation.objects.all(),
            path,
            Scope(cluster_id=home.pk),
            language=language,
            as_xlsx=kind == "xlsx",
        )
        == 2
    )
    before = everything()
    run = imported(path, cluster_key="")
    assert counted(run) == [0, 0, 2, 0], list(run.rows.values())
    assert everything() == before


@pytest.mark.one_database
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_of_the_whole_sample_changes_nothing_when_imported(tmp_path: Path, kind: str) -> None:
    load_sample(actor=ACTOR)
    kept = Organisation.objects.order_by("pk").first()
    assert kept is not None
    Organisation.objects.filter(pk=kept.pk).update(listing="withdrawn")
    path = tmp_path / f"f.{kind}"
    count = export(Organisation.objects.alive(), path, Scope(), as_xlsx=kind == "xlsx")
    assert count > 200
    run = check(path)
    assert counted(run) == [0, 0, count, 0], list(run.rows.values("action", "values", "problems"))


def test_organisations_that_share_a_register_number_are_told_apart_by_key(tmp_path: Path) -> None:
    for name in ("Wind A GmbH", "Wind A Service GmbH"):
        organisation(name, register_number="HRB 1")
    Organisation.objects.update(external_id="7", source="chamber")
    export(Organisation.objects.all(), tmp_path / "f.csv", Scope())
    assert counted(check(tmp_path / "f.csv")) == [0, 0, 2, 0]
    (tmp_path / "g.csv").write_text("name;country;register_number\nA;DE;HRB 9\nB;DE;HRB 9\n")
    run = check(tmp_path / "g.csv")
    assert counted(run) == [1, 0, 0, 1]
    assert run.rows.get().problems[0]["code"] == "twice_register"


def test_a_withdrawn_organisation_is_read_back_but_never_changed(tmp_path: Path) -> None:
    gone, here = organisation("Gone GmbH"), organisation("Here GmbH")
    Organisation.objects.filter(pk=gone.pk).update(listing="withdrawn")
    export(Organisation.objects.all(), tmp_path / "f.csv", Scope())
    assert counted(check(tmp_path / "f.csv")) == [0, 0, 2, 0]
    lines = [
        "key;name;country;listing",
        f"{gone.key};Gone GmbH & Co. KG;DE;withdrawn",
        f"{here.key};Here GmbH;DE;withdrawn",
        ";New GmbH;DE;withdrawn",
    ]
    (tmp_path / "g.csv").write_text("\n".join(lines))
    run = check(tmp_path / "g.csv")
    assert counted(run) == [0, 0, 0, 3]
    said = [problem for row in run.rows.order_by("number") for problem in problems_of(row)]
    assert [problem.code for problem in said] == ["not_yours", "withdrawn_here", "withdrawn_here"]
    assert "listed, members or hidden" in str(said[2].remedy)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=LINE, summary=NASTY, tags=st.lists(LINE, unique=True, max_size=4), said=NASTY, street=LINE)
def test_nasty_texts_survive(
    tmp_path: Path, name: str, summary: str, tags: list[str], said: str, street: str
) -> None:
    Organisation.objects.all().delete()
    stored = organisation(f"A {name}", summary=summary, tags=[tag[:60] for tag in tags], street=street)
    if said.strip():
        statement(stored, said)
    Organisation.objects.filter(pk=stored.pk).update(name=f"A {name}", street=street)
    for kind in ("csv", "xlsx"):
        export(Organisation.objects.all(), tmp_path / f"f.{kind}", Scope(), as_xlsx=kind == "xlsx")
        run = check(tmp_path / f"f.{kind}")
        assert counted(run) == [0, 0, 1, 0], (kind, list(run.rows.values("action", "values", "problems")))


def test_an_edited_cell_is_the_only_change(tmp_path: Path) -> None:
    stored = full(place="Bremen")
    export(Organisation.objects.all(), tmp_path / "f.csv", Scope())
    text = (tmp_path / "f.csv").read_text(encoding="utf-8-sig")
    (tmp_path / "g.csv").write_text(
        text.replace("We build rotors.", "We build large rotors."), encoding="utf-8"
    )
    assert counted(imported(tmp_path / "g.csv")) == [0, 1, 0, 0]
    said = list(stored.statements.order_by("kind").values_list("text", "revision"))
    assert said == [("We need steel.", 1), ("We build large rotors.", 2)]


def test_no_exported_text_is_a_formula(tmp_path: Path) -> None:
    organisation("=cmd|' /C calc'!A0", summary="@SUM(A1)", street="+1", place="-2+3")
    export(Organisation.objects.all(), tmp_path / "f.csv", Scope())
    text = (tmp_path / "f.csv").read_text(encoding="utf-8-sig")
    assert "'=cmd|" in text
    assert "'@SUM" in text
    assert not any(cell[:1] in "=@+" for cell in text.splitlines()[1].split(";") if cell)


def test_strangers_export_no_legal_identity_no_figures_no_teasers(
    tmp_path: Path, user_with: Callable[..., User]
) -> None:
    home = cluster()
    shown = organisation("Open GmbH", vat="DE136695976")
    membership(home, shown)
    organisation("Hidden GmbH", listing="hidden")
    statement(shown, "Secret of the teaser", visibility="teaser", teaser="Something new.")
    add_contact(organisation=shown, name="Without Consent", email="no@a.example", actor=ACTOR)
    add_contact(organisation=shown, name="Agreed", email="yes@a.example", consent_source="form", actor=ACTOR)

    def exported(user: User) -> str:
        rows = Organisation.objects.visible_to(user).order_by("name")
        export(rows, tmp_path / "f.csv", Scope(user=user))
        return (tmp_path / "f.csv").read_text(encoding="utf-8-sig")

    stranger = exported(user_with("juror"))
    for secret in ("DE136695976", "Hidden GmbH", "Secret of the teaser", "Without Consent", "no@a.example"):
        assert secret not in stranger
    assert "Open GmbH" in stranger
    assert "yes@a.example" in stranger
    manager = exported(user_with("cluster_manager", home.key))
    for known in ("DE136695976", "Secret of the teaser", "Without Consent"):
        assert known in manager
    assert "Hidden GmbH" not in manager


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "de", "nl", "fr"])
def test_the_template_can_be_imported_as_it_is(tmp_path: Path, kind: str, language: str) -> None:
    write_template(tmp_path / "t", language=language, as_xlsx=kind == "xlsx")
    run = check(tmp_path / "t")
    assert counted(run) == [1, 0, 0, 0], list(run.rows.values("problems"))
