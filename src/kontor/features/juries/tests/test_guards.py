"""What nobody does by accident, twice, too late or unseen: on the pages of a jury and in its actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from kontor.base.errors import Conflict, KontorError
from kontor.features.accounts.actions import grant_role
from kontor.features.accounts.models import User
from kontor.features.accounts.scopes import Role, Scope, ScopeKind
from kontor.features.juries import actions
from kontor.features.juries.actions.reviews import LONGEST
from kontor.features.juries.models import (
    Attendance,
    DeclaredConflict,
    Panel,
    PitchDay,
    PitchSlot,
    ReviewClash,
    ReviewValue,
)
from kontor.features.juries.tests.conftest import CRITERIA, expert, reviewed, seat
from kontor.features.organisations.tests.factories import ACTOR

pytestmark = pytest.mark.django_db
SECRET = "Bert doubts the market"
SignIn = Callable[[User], Client]


def test_a_manager_who_assesses_is_told_why_scores_stay_hidden(
    jury: SimpleNamespace, signed_in: SignIn
) -> None:
    """Anna runs the programme as well: no page, preview or program shows her what Bert gave."""
    anna, root = jury.experts[0].user, jury.panel.get_absolute_url()
    grant_role(
        user=anna, role=Role.PROGRAMME_MANAGER, scope=Scope(ScopeKind.PROGRAMME, "rocket"), actor=ACTOR
    )
    reviewed(jury.assignments[1], "1.25", comment=SECRET)
    client = signed_in(anna)
    page = client.get(f"{root}results/")
    assert (page.status_code, "You sit in this jury" in page.content.decode()) == (200, True)
    seen = [page.content.decode()]
    for query in ("?role=manager", "?role=chair&phase=closed", "?role=applicant&phase=published"):
        answer = client.get(f"{root}preview/{query}", follow=True)
        assert "You sit in this jury" in answer.content.decode(), query
        seen.append(answer.content.decode())
    assert "as-role" not in client.get(f"{root}visibility/").content.decode()
    for path in ("calibration/", "results/", "preview/?role=manager"):
        told = client.get(f"/api/v1/juries/{jury.panel.key}/{path}")
        assert (told.status_code, told.json()["error"]["code"]) == (403, "manager-assesses")
        seen.append(told.content.decode())
    client.post(f"{root}results/calibrated/", {"adjusted": "yes", "reason": "mine"})
    assert not Panel.objects.get().adjusted
    assert not any(SECRET in each or "1.25" in each for each in seen)
    other = signed_in(jury.manager).get(f"{root}preview/?role=manager").content.decode()
    assert "25.0" in other, "who does not sit there sees the total of Bert's sheet"


def test_results_open_before_the_decision_only_when_confirmed(
    jury: SimpleNamespace, signed_in: SignIn
) -> None:
    Panel.objects.update(phase="closed", pitch_share=0, reviews=2)
    for each in jury.assignments:
        reviewed(each, "4")
    client, root = signed_in(jury.manager), jury.panel.get_absolute_url()
    page = client.get(root).content.decode()
    assert "4 applications are not decided yet" in page
    answer = client.post(f"{root}phase/", {"to": "published"}, follow=True)
    assert "are not decided yet: their applicants would read" in answer.content.decode()
    assert Panel.objects.get().phase == "closed"
    client.post(f"{root}phase/", {"to": "published", "confirmed": "yes"})
    assert Panel.objects.get().phase == "published"


def test_an_assessor_declares_a_conflict_that_came_up(jury: SimpleNamespace, signed_in: SignIn) -> None:
    client, root = signed_in(jury.experts[0].user), jury.panel.get_absolute_url()
    own, first = jury.assignments[0], jury.applications[0]
    address = f"{root}conflicts/declare/"
    assert f"{address}?application={first.key}" in client.get(f"/juries/sheets/{own.key}/").content.decode()
    assert "is required" in client.post(address, {"application": first.key}).content.decode()
    told = {"application": first.key, "reason": "My sister leads it since Monday."}
    for _twice in range(2):
        client.post(address, told)
    assert DeclaredConflict.objects.count() == 1
    own.refresh_from_db()
    assert own.state == "blocked"
    assert "Project 1" not in client.get(root).content.decode()
    assert first.key not in client.get(address).content.decode()
    for who in (jury.manager, jury.controller, jury.applicant):
        assert signed_in(who).get(address).status_code == 404
    Panel.objects.update(phase="closed")
    assert client.get(address).status_code == 404


def test_names_stay_hidden_where_a_conflict_is_declared(jury: SimpleNamespace, signed_in: SignIn) -> None:
    Panel.objects.update(blind="double")
    page = signed_in(jury.experts[0].user).get(f"{jury.panel.get_absolute_url()}conflicts/declare/")
    assert "Zonnewind" not in page.content.decode()


def test_what_results_are_made_of_stays_once_they_are_fixed(jury: SimpleNamespace) -> None:
    Panel.objects.update(phase="closed")
    for values in ({"pitch_share": 10}, {"reviews": 3}, {"minimum": 2}):
        with pytest.raises(KontorError, match="Results are fixed") as fixed:
            actions.change_panel(panel=jury.panel, values=values, revision=None, actor=jury.by)
        assert fixed.value.path in values
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    with pytest.raises(KontorError, match="This day is over"):
        actions.change_panel(panel=jury.panel, values={"due_on": yesterday}, revision=None, actor=jury.by)
    with pytest.raises(KontorError, match="This day is over"):
        actions.plan_pitch_day(panel=jury.panel, values={"day": yesterday}, applications=[], actor=jury.by)


def test_times_of_a_pitch_day_are_not_written_over(jury: SimpleNamespace) -> None:
    day = actions.plan_pitch_day(
        panel=jury.panel, values={"day": timezone.localdate()}, applications=jury.applications, actor=jury.by
    )
    slot = day.slots.get(application=jury.applications[0])
    times = {"arrives": 600, "leaves": 900, "actor": jury.by}
    actions.set_travel(slot=slot, revision=1, **times)
    actions.set_attendance(day=day, member=jury.members[0], revision=0, **times)
    late = {**times, "arrives": 0}
    with pytest.raises(Conflict):
        actions.set_travel(slot=slot, revision=1, **late)
    with pytest.raises(Conflict):
        actions.set_attendance(day=day, member=jury.members[0], revision=0, **late)
    assert (PitchSlot.objects.get(pk=slot.pk).arrives, Attendance.objects.get().arrives) == (600, 600)
    actions.set_travel(slot=slot, revision=2, **late)
    actions.set_attendance(day=day, member=jury.members[0], revision=1, **late)
    assert (PitchSlot.objects.get(pk=slot.pk).revision, Attendance.objects.get().revision) == (3, 2)


def test_results_wait_for_a_pitch_day_that_has_begun(jury: SimpleNamespace) -> None:
    for each in jury.assignments:
        reviewed(each, "4")
    actions.plan_pitch_day(
        panel=jury.panel, values={"day": timezone.localdate()}, applications=jury.applications, actor=jury.by
    )
    PitchDay.objects.update(state="running")
    Panel.objects.update(phase="pitches", pitch_share=0)
    jury.panel.refresh_from_db()
    with pytest.raises(KontorError, match="4 pitches are not scored by everybody"):
        actions.move_phase(panel=jury.panel, to="closed", revision=None, actor=jury.by)
    told = actions.move_phase(panel=jury.panel, to="closed", revision=None, reason="storm", actor=jury.by)
    assert told.phase == "closed"


def test_a_text_that_is_too_long_is_told_and_not_cut(jury: SimpleNamespace, signed_in: SignIn) -> None:
    address = f"/juries/sheets/{jury.assignments[0].key}/"
    page = signed_in(jury.experts[0].user).post(address, {"comment": "x" * (LONGEST + 1), "notes": "kept"})
    told = page.content.decode()
    assert (page.status_code, "This text is too long" in told, "x" * (LONGEST + 1) in told) == (
        400,
        True,
        True,
    )
    assert list(ReviewValue.objects.values_list("field", "value")) == [("notes", "kept")]


def test_without_scripts_a_fault_beside_two_versions_overrules_neither(
    jury: SimpleNamespace, signed_in: SignIn
) -> None:
    row = jury.assignments[0]
    change = actions.reviews.Change
    actions.save_fields(assignment=row, changes=[change("comment", "at home", 0)], actor=ACTOR)
    client, address = signed_in(jury.experts[0].user), f"/juries/sheets/{row.key}/"
    posted = {"comment": "on the train", "base:comment": "0", f"mark:{CRITERIA[0]}": "77"}
    page = client.post(address, posted).content.decode()
    assert ">at home</textarea>" in page
    assert "Words for the applicants</h3>" in page, "the field with two versions is named"
    assert (ReviewValue.objects.get().value, ReviewClash.objects.get().value) == ("at home", "on the train")


def test_a_plan_asked_for_twice_is_worked_out_once(jury: SimpleNamespace) -> None:
    asked = {"panel": jury.panel, "kind": "repair", "actor": jury.by}
    first = actions.queue_plan(**asked)
    assert actions.queue_plan(**asked) == first
    assert actions.queue_plan(**asked, asked={"third": True}) != first


def test_who_is_invited_finds_the_invitation_and_a_manager_keeps_the_jury(
    place: SimpleNamespace, signed_in: SignIn
) -> None:
    """No link leads an invited expert to a page that is not theirs yet; a declined seat falls ill no more."""
    first, root = seat(place.panel, place.experts[0], "invited"), place.panel.get_absolute_url()
    page = signed_in(place.experts[0].user).get("/juries/").content.decode()
    assert (f"/juries/invitations/{first.key}/" in page, f'"{root}"' in page) == (True, False)
    own = expert(place.programme, "Mona Manager", email=place.manager.email, user=place.manager)
    seat(place.panel, own, "invited")
    client = signed_in(place.manager)
    assert f'"{root}"' in client.get("/juries/").content.decode()
    assert client.get(root).status_code == 200
    seat(place.panel, place.experts[1], "declined")
    rows = client.get(f"{root}members/").content.decode()
    assert ("Anna A is ill" in rows, "Bert B is ill" in rows) == (True, False)


def test_everything_that_is_missing_is_told_at_once(jury: SimpleNamespace, signed_in: SignIn) -> None:
    address = f"/juries/sheets/{jury.assignments[0].key}/"
    posted = {f"mark:{CRITERIA[0]}": "4", "hand_in": "yes"}
    page = signed_in(jury.experts[0].user).post(address, posted).content.decode()
    assert page.count("A mark is missing.") == 2 * (len(CRITERIA) - 1), "in the summary and at each criterion"
    assert "The words for the applicants are missing." in page


def test_two_devices_of_a_juror_do_not_write_over_each_other(
    jury: SimpleNamespace, signed_in: SignIn
) -> None:
    day = actions.plan_pitch_day(
        panel=jury.panel,
        values={"day": timezone.localdate()},
        applications=jury.applications[:1],
        actor=jury.by,
    )
    slot = day.slots.get()
    slot.present.set(jury.members[:2])
    PitchDay.objects.update(state="running")
    PitchSlot.objects.update(begins=600, ends=620, state="questions")
    client, address = signed_in(jury.experts[0].user), f"{jury.panel.get_absolute_url()}pitches/{slot.key}/"
    told = {f"mark:{key}": "4" for key in CRITERIA}
    client.post(address, told | {"revision": "0"})
    manager = signed_in(jury.manager)
    for form in ("plan/", f"{slot.key}/travel/", f"jurors/{jury.members[0].key}/"):
        answer = manager.get(f"{jury.panel.get_absolute_url()}pitches/{form}", follow=True)
        assert "Only its course can be changed now" in answer.content.decode(), (
            "no form that could only be refused"
        )
    late = client.post(address, {f"mark:{key}": "1" for key in CRITERIA} | {"revision": "0"})
    assert late.status_code == 400
    assert set(slot.scores.get().marks.values()) == {"4"}
    missing = client.post(address, {"verb": "hand_in", "revision": "1"}).content.decode()
    assert missing.count("A mark is missing.") == 2 * len(CRITERIA)


def test_an_assessor_reads_the_totals_that_rank_and_not_why(jury: SimpleNamespace, signed_in: SignIn) -> None:
    for each, mark in zip(jury.assignments, "53424351", strict=True):
        reviewed(each, mark)
    reason = "Cleo is far too severe"
    Panel.objects.update(phase="closed", pitch_share=0, minimum=2, adjusted=True, adjusted_reason=reason)
    address = f"{jury.panel.get_absolute_url()}results/"
    seen = signed_in(jury.experts[0].user).get(address).content.decode()
    assert (">Calibrated<" in seen, reason in seen) == (True, False)
    assert reason in signed_in(jury.manager).get(address).content.decode()
    Panel.objects.update(phase="published")
    own = signed_in(jury.applicant).get(f"/juries/outcome/{jury.applications[0].key}/").content.decode()
    assert ("is taken out" in own, reason in own) == (True, False)
