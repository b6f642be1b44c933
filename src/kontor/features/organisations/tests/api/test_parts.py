"""What hangs on an organisation, through the API: figures, persons, members, texts, consent, history."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from kontor.base.models import Text
from kontor.features.organisations import actions
from kontor.features.organisations.models import Listing, Organisation, Statement
from kontor.features.organisations.tests.api.conftest import Place, call, failure
from kontor.features.organisations.tests.factories import ACTOR, cluster, organisation, statement

pytestmark = pytest.mark.django_db


class TestFigures:
    def test_round_trip(self, place: Place) -> None:
        path = f"{place.path}/figures/2024"
        made = call(place.owner, "patch", path, staff="12.5", turnover="1000000.10").json()
        assert (made["staff"], made["turnover"], made["balance"]) == ("12.50", "1000000.10", None)
        kept = call(place.owner, "patch", path, version=made["version"], balance="7").json()
        assert (kept["turnover"], kept["balance"]) == ("1000000.10", "7.00")
        listed = place.manager.get(f"{place.path}/figures").json()
        assert [(row["year"], row["staff"]) for row in listed["items"]] == [(2024, "12.50")]
        gone = {"staff": None, "turnover": None, "balance": None, "version": listed["items"][0]["version"]}
        assert call(place.owner, "patch", path, **gone).json()["staff"] is None
        assert not place.firm.figures.exists()

    def test_the_second_editor_learns_what_it_is_now(self, place: Place) -> None:
        path = f"{place.path}/figures/2024"
        version = call(place.owner, "patch", path, staff="1").json()["version"]
        call(place.manager, "patch", path, version=version, staff="2")
        assert call(place.owner, "patch", path, version=version, balance="9").status_code == 200
        late = call(place.owner, "patch", path, version=version, staff="3")
        assert failure(late) == (409, "edit_conflict", "body.staff")
        assert "staff (now 2.00)" in late.json()["error"]["message"]
        unseen = call(place.owner, "patch", path, staff="3")
        assert failure(unseen) == (409, "edit_conflict", "body.staff")
        row = place.firm.figures.get()
        assert (row.staff, row.balance) == (2, 9)

    @pytest.mark.parametrize(
        ("year", "body", "path"),
        [
            ("2024", {"staff": "-1"}, "body.staff"),
            ("2024", {"turnover": "0.001"}, "body.turnover"),
            ("2024", {"version": "forged"}, "body.version"),
            ("2024", {"profit": "1"}, "body.profit"),
            ("1989", {"staff": "1"}, "path.year"),
            ("2100", {"staff": "1"}, "body.year"),
        ],
    )
    def test_bad_input(self, place: Place, year: str, body: dict[str, str], path: str) -> None:
        answer = call(place.owner, "patch", f"{place.path}/figures/{year}", **body)
        assert answer.status_code in (400, 422)
        assert answer.json()["error"]["path"] == path
        assert not place.firm.figures.exists()

    def test_others_do_not_read_them(self, place: Place) -> None:
        actions.set_figures(organisation=place.firm, year=2024, turnover=7654321, actor=ACTOR)
        for client, status in ((place.stranger, 403), (place.nobody, 401)):
            answer = client.get(f"{place.path}/figures")
            assert answer.status_code == status
            assert "7654321" not in answer.content.decode()

    def test_a_version_belongs_to_one_year(self, place: Place) -> None:
        version = call(place.owner, "patch", f"{place.path}/figures/2024", staff="1").json()["version"]
        other = call(place.owner, "patch", f"{place.path}/figures/2023", staff="1", version=version)
        assert failure(other) == (422, "version", "body.version")


class TestContacts:
    def test_round_trip(self, place: Place) -> None:
        path = f"{place.path}/contacts"
        made = call(place.owner, "post", path, name="Olga Offen", email="o@o.example", notify=False).json()
        assert (made["shown"], made["language"]) == (False, "de")
        assert place.nobody.get(path).json()["items"] == []
        one = f"{path}/{made['id']}"
        version = made["consent"]["version"]
        shown = call(place.owner, "patch", one, version=version, phone="+49 1", consent_source="form")
        assert (shown.json()["shown"], shown.json()["email"]) == (True, "o@o.example")
        (seen,) = place.nobody.get(path).json()["items"]
        assert (seen["name"], seen["consent"]) == ("Olga Offen", None)
        assert place.owner.post(f"{one}/withdraw").json()["shown"] is False
        assert place.nobody.get(path).json()["items"] == []
        assert place.owner.delete(one).status_code == 204
        assert place.owner.delete(one).status_code == 404

    def test_two_editors(self, place: Place) -> None:
        path = f"{place.path}/contacts"
        made = call(place.owner, "post", path, name="Olga Offen", notify=False).json()
        one, version = f"{path}/{made['id']}", made["consent"]["version"]
        call(place.manager, "patch", one, version=version, phone="+49 1")
        joined = call(place.owner, "patch", one, version=version, function="Head").json()
        assert (joined["phone"], joined["function"]) == ("+49 1", "Head")
        late = call(place.owner, "patch", one, version=version, phone="+49 2")
        assert failure(late) == (409, "edit_conflict", "body.phone")
        assert "+49 1" in late.json()["error"]["message"]

    def test_bad_input_names_the_field(self, place: Place) -> None:
        bad = call(place.owner, "post", f"{place.path}/contacts", name="O", email="nobody")
        assert failure(bad) == (400, "bad_email", "body.email")
        assert call(place.owner, "post", f"{place.path}/contacts", name=" ").json()["error"]["path"] == (
            "body.name"
        )

    def test_others_neither_read_nor_write(self, place: Place) -> None:
        person = actions.add_contact(organisation=place.firm, name="Geheime Person", actor=ACTOR)
        for client, status in ((place.stranger, 403), (place.nobody, 401)):
            assert "Geheime" not in client.get(f"{place.path}/contacts").content.decode()
            assert call(client, "delete", f"{place.path}/contacts/{person.pk}").status_code == status
        hidden = organisation("Geheim AG", listing="hidden")
        actions.add_contact(organisation=hidden, name="Geheim", consent_source="form", actor=ACTOR)
        answer = place.stranger.get(f"/api/v1/organisations/{hidden.key}/contacts")
        assert (answer.status_code, "Geheim" in answer.content.decode()) == (404, False)

    def test_a_person_of_another_organisation_is_not_reached(self, place: Place) -> None:
        person = actions.add_contact(organisation=organisation("Andere"), name="Anna", actor=ACTOR)
        assert place.owner.delete(f"{place.path}/contacts/{person.pk}").status_code == 404


class TestMembers:
    def test_round_trip(self, place: Place) -> None:
        path = f"{place.cluster_path}/members"
        free = organisation("Freie GmbH")
        added = call(place.manager, "post", path, member=free.key, since="2025-01-01")
        assert (added.status_code, added.json()["state"]) == (201, "member")
        made = added.json()["membership"]
        again = call(place.manager, "post", path, member=free.key)
        assert failure(again) == (409, "member_already", "body.member")
        one = f"{path}/{made['id']}"
        changed = call(place.manager, "patch", one, version=made["version"], since="2024-01-01").json()
        assert (changed["since"], changed["until"]) == ("2024-01-01", None)
        late = call(place.manager, "patch", one, version=made["version"], since="2023-01-01")
        assert failure(late) == (409, "edit_conflict", "body.since")
        turned = call(place.manager, "patch", one, version=changed["version"], until="2020-01-01")
        assert failure(turned) == (400, "bad_dates", "body.until")
        ended = call(place.manager, "post", f"{one}/end").json()
        assert dt.date.fromisoformat(ended["until"]) < timezone.localdate()
        names = {row["name"] for row in place.manager.get(path).json()["items"]}
        assert names == {"Nordwind GmbH", "Freie GmbH"}

    def test_whom_others_look_after_is_asked(self, place: Place, user_with: object) -> None:
        other = organisation("Betreute GmbH")
        user_with("owner", other.key)  # type: ignore[operator]
        answer = call(place.manager, "post", f"{place.cluster_path}/members", member=other.key)
        assert (answer.status_code, answer.json()) == (202, {"state": "asked", "membership": None})
        assert not other.member_of.exists()

    def test_others_do_not_read_or_change(self, place: Place) -> None:
        number = place.firm.member_of.get().pk
        for client in (place.owner, place.stranger):
            assert client.get(f"{place.cluster_path}/members").status_code == 403
            assert call(client, "post", f"{place.cluster_path}/members/{number}/end").status_code == 403
        other = cluster("Anderer Cluster")
        stolen = call(place.manager, "post", f"/api/v1/organisations/{other.key}/members", member="x")
        assert stolen.status_code == 403
        assert place.firm.member_of.get().until is None

    def test_who_withdrew_is_not_named(self, place: Place) -> None:
        actions.withdraw_consent(organisation=place.firm, actor=ACTOR)
        answer = place.manager.get(f"{place.cluster_path}/members")
        assert [row["member"] for row in answer.json()["items"]] == [""]
        assert "Nordwind" not in answer.content.decode()


class TestTexts:
    def test_round_trip(self, place: Place) -> None:
        path = f"{place.path}/translations"
        french = f"{path}/fr"
        call(place.owner, "patch", french, name="Vent du Nord", summary="Engrenages.", origin="machine")
        rows = place.nobody.get(path).json()["items"]
        assert [(row["field"], row["language"], row["origin"], row["stale"]) for row in rows] == [
            ("name", "de", "source", False),
            ("summary", "de", "source", False),
            ("name", "fr", "machine", False),
            ("summary", "fr", "machine", False),
        ]
        actions.change_organisation(organisation=place.firm, values={"summary": "Neu."}, actor=ACTOR)
        opened = place.owner.get(french).json()
        assert [(row["field"], row["stale"]) for row in opened["texts"]] == [
            ("name", False),
            ("summary", True),
        ]
        renewed = call(
            place.owner, "patch", french, version=opened["version"], summary="Nouveau.", origin="human"
        ).json()
        assert [(row["text"], row["origin"], row["stale"]) for row in renewed["texts"]] == [
            ("Vent du Nord", "machine", False),
            ("Nouveau.", "human", False),
        ]
        call(place.owner, "patch", french, version=renewed["version"], name="", summary="")
        assert not Text.objects.exists()

    def test_two_editors(self, place: Place) -> None:
        french = f"{place.path}/translations/fr"
        version = place.owner.get(french).json()["version"]
        call(place.manager, "patch", french, version=version, name="Vent")
        call(place.owner, "patch", french, version=version, summary="Engrenages.")
        late = call(place.owner, "patch", french, version=version, name="Brise")
        assert failure(late) == (409, "edit_conflict", "body.name")
        assert dict(Text.objects.values_list("field", "text")) == {"name": "Vent", "summary": "Engrenages."}

    @pytest.mark.parametrize(
        ("language", "body", "path"),
        [
            ("de", {"name": "X"}, "body.name"),
            ("xx", {"name": "X"}, "body.language"),
            ("fr", {"name": "x" * 301}, "body.name"),
            ("fr", {"name": "X", "origin": "source"}, "body.origin"),
        ],
    )
    def test_bad_input(self, place: Place, language: str, body: dict[str, str], path: str) -> None:
        answer = call(place.owner, "patch", f"{place.path}/translations/{language}", **body)
        assert answer.status_code in (400, 422)
        assert answer.json()["error"]["path"] == path

    def test_statements(self, place: Place) -> None:
        told = statement(place.firm, "We build gearboxes.")
        path = f"{place.path}/statements/{told.key}/translations"
        call(place.owner, "patch", f"{path}/de", text="Wir bauen Getriebe.")
        assert [row["text"] for row in place.nobody.get(path).json()["items"]] == [
            "We build gearboxes.",
            "Wir bauen Getriebe.",
        ]
        assert call(place.stranger, "patch", f"{path}/de", text="Falsch.").status_code == 403

    def test_translations_of_a_teaser_are_not_read_by_others(self, place: Place) -> None:
        told = statement(place.firm, "Secret alloy", visibility="teaser", teaser="Somebody melts.")
        values = {"text": "Geheime Legierung"}
        actions.translate_statement(statement=told, language="de", values=values, origin="human", actor=ACTOR)
        path = f"{place.path}/statements/{told.key}/translations"
        for client in (place.stranger, place.nobody):
            answer = client.get(path)
            assert (answer.status_code, "Legierung" in answer.content.decode()) == (404, False)
        assert "Legierung" in place.owner.get(path).content.decode()


class TestConsent:
    def test_the_owner_withdraws_and_gives_it_again(self, place: Place) -> None:
        gone = call(place.owner, "post", f"{place.path}/consent/withdraw", reason="We close.").json()
        assert (gone["listing"], gone["withdrawn_at"] is not None) == ("withdrawn", True)
        assert place.nobody.get(place.path).status_code == 404
        assert place.owner.get(f"{place.path}/consent").json()["listing"] == "withdrawn"
        back = call(place.owner, "post", f"{place.path}/consent", listing="members").json()
        assert (back["listing"], back["withdrawn_at"]) == ("members", None)

    def test_a_manager_decides_for_nobody(self, place: Place) -> None:
        assert place.manager.get(f"{place.path}/consent").json()["listing"] == "listed"
        for path in ("consent/withdraw", "consent"):
            answer = call(place.manager, "post", f"{place.path}/{path}", listing="members")
            assert answer.status_code in (403, 422)
        assert Organisation.objects.get(pk=place.firm.pk).listing == Listing.LISTED

    def test_what_is_stored_is_for_the_owner(self, place: Place) -> None:
        actions.add_contact(organisation=place.firm, name="Geheime Person", actor=ACTOR)
        data = place.owner.get(f"{place.path}/data").json()
        assert data["contacts"][0]["name"] == "Geheime Person"
        for client in (place.manager, place.stranger, place.nobody):
            assert "Geheime" not in client.get(f"{place.path}/data").content.decode()

    def test_history_is_for_editors(self, place: Place) -> None:
        call(place.owner, "post", f"{place.path}/consent/withdraw", reason="Streng geheim")
        events = place.owner.get(f"{place.path}/history").json()["items"]
        assert (events[0]["what"], events[0]["reason"]) == (
            "organisation.consent_withdrawn",
            "Streng geheim",
        )
        for client in (place.manager, place.stranger, place.nobody):
            assert "Streng" not in client.get(f"{place.path}/history").content.decode()


class TestStatements:
    def test_confirming_closing_and_opening(self, place: Place) -> None:
        told, other = statement(place.firm, "First."), statement(place.firm, "Second.")
        Statement.objects.update(confirmed_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        path = f"{place.path}/statements"
        assert call(place.owner, "post", f"{path}/confirm", statements=[told.key]).json() == {"confirmed": 1}
        assert place.nobody.get(f"{path}/{other.key}").json()["confirmed_at"].startswith("2020")
        assert call(place.owner, "post", f"{path}/confirm").json() == {"confirmed": 2}
        place.owner.post(f"{path}/{told.key}/close")
        assert place.nobody.get(f"{path}/{told.key}").status_code == 404
        assert place.nobody.get(f"{path}?past=true").json()["count"] == 1
        assert place.owner.get(f"{path}?past=true").json()["count"] == 2
        assert place.owner.post(f"{path}/{told.key}/reopen").json()["closed_at"] is None
        assert place.nobody.get(path).json()["count"] == 2

    def test_a_statement_of_others_is_not_confirmed(self, place: Place) -> None:
        foreign = statement(organisation("Andere"), "Foreign.")
        Statement.objects.update(confirmed_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        answer = call(place.owner, "post", f"{place.path}/statements/confirm", statements=[foreign.key])
        assert failure(answer) == (422, "no-such-statement", "body.statements")
        assert call(place.stranger, "post", f"{place.path}/statements/confirm").status_code == 403
        foreign.refresh_from_db()
        assert foreign.confirmed_at.year == 2020
