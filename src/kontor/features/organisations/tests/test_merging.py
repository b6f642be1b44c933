"""Merging and parting: everything comes back, and what happened in between stays."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontor.base import audit
from kontor.base.errors import KontorError
from kontor.base.models import Text
from kontor.features.accounts.models import RoleAssignment
from kontor.features.organisations import actions
from kontor.features.organisations.models import (
    ContactPerson,
    Membership,
    Merge,
    Organisation,
    OrganisationCode,
    Participation,
    Statement,
    StatementCode,
    YearFigures,
)
from kontor.features.organisations.tests.factories import ACTOR, cluster, membership, organisation, statement

pytestmark = pytest.mark.django_db
# They count on (see actions.merging), so that no open form saves over a merge unseen.
COUNTING = {"revision", "changed_at", "changed_by"}
TABLES = [
    Organisation,
    OrganisationCode,
    YearFigures,
    Statement,
    StatementCode,
    ContactPerson,
    Membership,
    Text,
    RoleAssignment,
    Participation,
]


def dump() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table a merge may touch."""
    return {
        model.__name__: [
            {name: value for name, value in row.items() if name not in COUNTING}
            for row in model._base_manager.order_by("pk").values()
        ]
        for model in TABLES
    }


PROFILES = st.fixed_dictionaries(
    {"name": st.sampled_from(["Nordwind GmbH", "Südwind AG", "Ostwind"])},
    optional={
        "short_name": st.sampled_from(["NW", "SW"]),
        "summary": st.text(
            st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20
        ),
        "place": st.sampled_from(["Kiel", "Emden"]),
        "website": st.sampled_from(["nw.eu", "https://sw.eu/x"]),
        "vat": st.sampled_from(["DE136695976", "ATU13585627"]),
        "pic": st.sampled_from(["999999999", "888888888"]),
        "register_number": st.just("HRB 1"),
        "tags": st.lists(st.sampled_from("abc"), unique=True),
        "languages": st.lists(st.sampled_from(["de", "nl"]), unique=True),
        "latitude": st.floats(-80, 80),
        "longitude": st.floats(-170, 170),
        "listing": st.sampled_from(["listed", "members", "hidden"]),
        "kind": st.sampled_from(["firm", "cluster"]),
    },
)
ATTACHED = st.fixed_dictionaries(
    {
        "codes": st.lists(
            st.sampled_from([("nace", "28.11"), ("cpv", "42000000"), ("ket", "ai")]), unique=True
        ),
        "years": st.sets(st.sampled_from([2024, 2025])),
        "statements": st.integers(0, 2),
        "contacts": st.integers(0, 2),
        "texts": st.sets(st.sampled_from(["de", "nl", "fr"])),
        "in_cluster": st.booleans(),
        "owner": st.booleans(),
    }
)


def build(
    profile: dict[str, Any], attached: dict[str, Any], home: Organisation, people: list[Any]
) -> Organisation:
    made = organisation(country="DE", codes=attached["codes"], consent=True, **profile)
    for year in attached["years"]:
        actions.set_figures(organisation=made, year=year, staff=10, actor=ACTOR)
    for number in range(attached["statements"]):
        statement(made, f"Offer {number}", codes=[("nace", "28.11")])
    for number in range(attached["contacts"]):
        actions.add_contact(organisation=made, name=f"Person {number}", consent_source="form", actor=ACTOR)
    for language in attached["texts"]:
        actions.set_translation(
            organisation=made, field="name", language=language, text="N", origin="human", actor=ACTOR
        )
    if attached["in_cluster"]:
        membership(home, made)
    if attached["owner"]:
        RoleAssignment.objects.create(
            user=people[0], role="owner", scope_kind="organisation", scope_key=made.key
        )
    return made


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    PROFILES,
    ATTACHED,
    PROFILES,
    ATTACHED,
    st.sets(st.sampled_from(["name", "place", "website", "vat", "tags"])),
)
def test_merge_and_unmerge_restore_everything(
    user_with: Any, kept_profile: Any, kept_rows: Any, gone_profile: Any, gone_rows: Any, chosen: set[str]
) -> None:
    for model in [Merge, *reversed(TABLES)]:
        model._base_manager.all().update(merged_into=None) if model is Organisation else None
        model._base_manager.all().delete()
    for number in ("vat", "pic"):
        if number in kept_profile and kept_profile.get(number) == gone_profile.get(number):
            gone_profile = {key: value for key, value in gone_profile.items() if key != number}
    home, people = cluster(), [user_with()]
    kept = build(kept_profile, kept_rows, home, people)
    gone = build(gone_profile, gone_rows, home, people)
    before = dump()
    merge = actions.merge_organisations(
        kept=kept, gone=gone, choices=dict.fromkeys(chosen, "gone"), actor=ACTOR
    )
    actions.unmerge_organisations(merge=merge, actor=ACTOR)
    assert dump() == before


def pair() -> tuple[Organisation, Organisation]:
    kept = organisation("Nordwind GmbH", place="Kiel", vat="DE136695976", codes=[("nace", "28.11")])
    gone = organisation("Nord Wind", place="Emden", pic="999999999", codes=[("nace", "28.11"), ("ket", "ai")])
    return kept, gone


def test_a_merge_moves_what_hangs_on_the_other_and_takes_what_is_chosen() -> None:
    kept, gone = pair()
    moved = statement(gone, "Our offer.")
    actions.merge_organisations(kept=kept, gone=gone, choices={"place": "gone"}, actor=ACTOR)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.name, kept.place, kept.pic, kept.vat) == (
        "Nordwind GmbH",
        "Emden",
        "999999999",
        "DE136695976",
    )
    assert (gone.merged_into, gone.place) == (kept, "Emden")
    assert list(kept.statements.all()) == [moved]
    assert {code.code for code in kept.codes.all()} == {"28.11", "ai"}


def test_the_stricter_visibility_wins() -> None:
    kept, gone = organisation(), organisation("Nordwind", listing="hidden")
    actions.merge_organisations(kept=kept, gone=gone, actor=ACTOR)
    kept.refresh_from_db()
    assert kept.listing == "hidden"


def test_what_was_done_since_the_merge_stays_done() -> None:
    kept, gone = pair()
    kept_statement, erased = (
        statement(gone, "Stays."),
        actions.add_contact(organisation=gone, name="Eva", actor=ACTOR),
    )
    merge = actions.merge_organisations(
        kept=kept, gone=gone, choices={"place": "gone", "name": "gone"}, actor=ACTOR
    )
    actions.change_organisation(organisation=kept, values={"place": "Lübeck"}, actor=ACTOR)
    actions.change_statement(statement=kept_statement, values={"text": "Edited."}, actor=ACTOR)
    actions.erase_contact(contact=erased, actor=ACTOR)
    added = statement(kept, "New since.")
    actions.unmerge_organisations(merge=merge, actor=ACTOR)
    kept.refresh_from_db()
    assert (kept.name, kept.place, kept.pic) == ("Nordwind GmbH", "Lübeck", None)
    assert list(kept.statements.all()) == [added]
    assert [row.text for row in gone.statements.all()] == ["Edited."]
    assert not ContactPerson.objects.exists()


def test_only_the_last_merge_can_be_taken_back() -> None:
    kept, gone = pair()
    first = actions.merge_organisations(kept=kept, gone=gone, actor=ACTOR)
    second = actions.merge_organisations(kept=kept, gone=organisation("Nordwind 3"), actor=ACTOR)
    with pytest.raises(KontorError, match="later merge"):
        actions.unmerge_organisations(merge=first, actor=ACTOR)
    actions.unmerge_organisations(merge=second, actor=ACTOR)
    actions.unmerge_organisations(merge=first, actor=ACTOR)
    with pytest.raises(KontorError, match="taken back already"):
        actions.unmerge_organisations(merge=first, actor=ACTOR)


def test_a_number_that_another_took_meanwhile_stops_the_parting() -> None:
    kept, gone = pair()
    merge = actions.merge_organisations(kept=kept, gone=gone, choices={"pic": "kept"}, actor=ACTOR)
    organisation("Other", pic="999999999")
    with pytest.raises(KontorError) as caught:
        actions.unmerge_organisations(merge=merge, actor=ACTOR)
    assert caught.value.path == "pic"
    gone.refresh_from_db()
    assert gone.merged_into == kept


def test_the_withdrawn_are_not_merged() -> None:
    kept, gone = pair()
    actions.withdraw_consent(organisation=gone, actor=ACTOR)
    with pytest.raises(KontorError, match="withdrew"):
        actions.merge_organisations(kept=kept, gone=gone, actor=ACTOR)


def test_the_undo_record_and_the_audit_hold_no_contact_person() -> None:
    kept, gone = pair()
    actions.add_contact(organisation=gone, name="Eva Musterfrau", email="eva@example.org", actor=ACTOR)
    merge = actions.merge_organisations(kept=kept, gone=gone, actor=ACTOR)
    assert "Eva" not in str(merge.undo)
    assert audit.verify().ok
