"""Who must not see what of a jury, on every page, with marks and words that could leak."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from kontor.features.accounts.models import User
from kontor.features.calls.models import Answer
from kontor.features.juries import actions
from kontor.features.juries.models import Panel
from kontor.features.juries.tests.conftest import reviewed
from kontor.features.organisations.tests.factories import ACTOR
from kontor.programmes.forms import form_for, form_json

pytestmark = pytest.mark.django_db
SECRET = "Berts geheime Worte"


@pytest.fixture
def full(jury: SimpleNamespace) -> SimpleNamespace:
    """Bert has handed in R-1 with words that nobody else may read yet; Anna still writes hers."""
    reviewed(jury.assignments[1], "1.25", comment=SECRET)
    return jury


def pages(full: SimpleNamespace) -> list[str]:
    root = full.panel.get_absolute_url()
    first = full.applications[0].key
    beside = [f"/juries/sheets/{each.key}/" for each in full.assignments[:2]]
    parts = (
        "",
        "members/",
        "conflicts/",
        "assignment/",
        "results/",
        "pitches/",
        "visibility/",
        "preview/",
        "settings/",
    )
    about = [
        f"{root}applications/{first}/",
        f"{root}applications/{first}/consensus/",
        f"/juries/outcome/{first}/",
    ]
    return [*(f"{root}{part}" for part in parts), *about, *beside, "/juries/"]


def read(client: Client, full: SimpleNamespace) -> str:
    return "".join(client.get(path).content.decode() for path in pages(full))


@pytest.mark.parametrize("phase", ["preparing", "reviewing", "discussion"])
def test_an_assessor_who_still_writes_sees_nothing_of_the_others(
    full: SimpleNamespace, signed_in: Callable[[User], Client], phase: str
) -> None:
    Panel.objects.update(phase=phase)
    told = read(signed_in(full.experts[0].user), full)
    assert SECRET not in told
    assert "1.25" not in told


def test_in_the_discussion_the_others_open_to_whoever_has_handed_in(
    full: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    reviewed(full.assignments[0], "4", comment="Annas Worte")
    client = signed_in(full.experts[0].user)
    assert SECRET not in read(client, full), "still the individual review"
    Panel.objects.update(phase="discussion")
    told = read(client, full)
    assert SECRET in told
    assert "1.25" in told
    assert "Bert B" in told


def test_a_conflict_closes_the_application_in_every_phase(
    full: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    reviewed(full.assignments[0], "4", comment="Annas Worte")
    actions.declare_conflict(
        expert=full.experts[0], application=full.applications[0], reason="cousin", actor=ACTOR
    )
    client = signed_in(full.experts[0].user)
    for phase in ("reviewing", "discussion", "closed", "published"):
        Panel.objects.update(phase=phase)
        told = read(client, full)
        assert SECRET not in told
        assert "Project 1" not in told.replace("Project 1</", "Project 1<"), phase


def test_names_stay_hidden_where_the_panel_says_so(
    full: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    reviewed(full.assignments[0], "4")
    Panel.objects.update(phase="discussion", blind="double")
    first = full.applications[0]
    type(first).objects.filter(pk=first.pk).update(title="Zonnewind makes it quiet")
    told = read(signed_in(full.experts[0].user), full)
    assert SECRET in told
    for name in ("Bert B", "Zonnewind", "Partner 0"):
        assert name not in told, name


def test_the_text_is_read_beside_the_sheet_without_the_names_where_these_are_hidden(
    full: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    call, first = full.call, full.applications[0]
    call.form = form_json(form_for(call.definition_of_programme, call.instrument_of_programme))
    call.save()
    asked = call.questions.fields()
    field = next(each for each in asked if each.kind == "paragraph" and not each.languages)
    Answer.objects.create(
        application=first, field=field.key, value="Zonnewind BV and Partner 0 hush the pump.", revision=1,
        changed_at=timezone.now(), changed_by="x", changed_by_key="x",
    )  # fmt: skip
    client, path = signed_in(full.experts[0].user), f"/juries/sheets/{full.assignments[0].key}/"
    assert "Zonnewind BV and Partner 0 hush the pump." in client.get(path).content.decode()
    Panel.objects.update(blind="double")
    told = client.get(path).content.decode()
    assert "▮▮▮ and ▮▮▮ hush the pump." in told
    assert "Zonnewind" not in told


@pytest.mark.parametrize("phase", ["reviewing", "discussion", "pitches", "closed"])
def test_an_applicant_finds_nothing_before_the_letters(
    full: SimpleNamespace, signed_in: Callable[[User], Client], phase: str
) -> None:
    Panel.objects.update(phase=phase, pitch_share=0)
    reviewed(full.assignments[0], "4", comment="Annas Worte")
    client = signed_in(full.applicant)
    for path in pages(full)[:-1]:
        assert client.get(path).status_code == 404, path
    assert full.panel.key not in client.get("/juries/").content.decode()


def test_afterwards_an_applicant_reads_the_own_result_without_names(
    full: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    Panel.objects.update(phase="published", pitch_share=0)
    reviewed(full.assignments[0], "4", comment="Annas Worte")
    path = f"/juries/outcome/{full.applications[0].key}/"
    told = signed_in(full.applicant).get(path).content.decode()
    assert SECRET in told
    assert "52.50" in told
    assert "Bert B" not in told
    assert signed_in(full.rival).get(path).status_code == 404


@pytest.mark.parametrize("who", ["stranger", "rival"])
def test_strangers_find_no_jury(full: SimpleNamespace, signed_in: Callable[[User], Client], who: str) -> None:
    client = signed_in(getattr(full, who))
    for path in pages(full)[:-1]:
        assert client.get(path).status_code == 404, path
    assert str(full.call) not in client.get("/juries/").content.decode()


def test_a_manager_reads_sheets_but_writes_none_and_a_controller_changes_nothing(
    full: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    manager, controller = signed_in(full.manager), signed_in(full.controller)
    root = full.panel.get_absolute_url()
    assert SECRET in manager.get(f"{root}applications/{full.applications[0].key}/").content.decode()
    sheet = f"/juries/sheets/{full.assignments[0].key}/"
    for client in (manager, controller):
        assert client.get(sheet).status_code == 404
        assert client.post(f"{sheet}sync/", "{}", content_type="application/json").status_code == 404
    assert SECRET not in read(controller, full)
    for path in ("phase/", "assignment/", "visibility/", "settings/", "pitches/turn/"):
        assert controller.post(f"{root}{path}", {"to": "discussion"}).status_code == 403, path


def test_a_manager_who_sits_in_the_jury_sees_as_an_assessor(
    full: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    full.experts[2].user = full.manager
    full.experts[2].save()
    told = read(signed_in(full.manager), full)
    assert SECRET not in told
    assert "1.25" not in told


def test_the_preview_shows_what_the_pages_show(
    full: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    reviewed(full.assignments[0], "4", comment="Annas Worte")
    client = signed_in(full.manager)
    path = f"{full.panel.get_absolute_url()}preview/?role=juror&member={full.members[0].key}"
    assert "not shown" in client.get(f"{path}&phase=reviewing").content.decode()
    told = client.get(f"{path}&phase=discussion").content.decode()
    assert "Bert B: 25.0" in told


def test_the_matrix_cannot_open_what_nobody_may_see(full: SimpleNamespace) -> None:
    wished = {"reviewing": {"juror": ["others", "text"], "applicant": ["comments", "others"]}}
    panel = actions.set_matrix(panel=full.panel, matrix=wished, revision=None, actor=full.by)
    assert panel.matrix == {"reviewing": {"juror": ["text"]}}


def test_pages_answer_without_fault(full: SimpleNamespace, signed_in: Callable[[User], Client]) -> None:
    root = full.panel.get_absolute_url()
    client = signed_in(full.manager)
    member, slot = full.members[0], "pitches/plan/"
    extra = (f"members/{member.key}/", slot, f"conflicts/{full.experts[0].key}/{full.applications[0].key}/")
    for path in (*pages(full)[:9], *(f"{root}{each}" for each in extra), "/juries/experts/", "/juries/new/"):
        assert client.get(path).status_code == 200, path
    assert client.get(full.experts[0].get_absolute_url()).status_code == 200
    assert client.get("/juries/experts/new/rocket/").status_code == 200
    assert client.get("/juries/experts/group/").status_code == 200
    assert signed_in(full.experts[0].user).get(pages(full)[-3]).status_code == 200
