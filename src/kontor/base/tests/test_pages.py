"""Pages of jobs, of the log and of links: what is shown, and to whom it is not."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest
from django.contrib.auth.base_user import AbstractBaseUser as User
from django.db import transaction
from django.db.models import Q
from django.test import Client
from django.utils.translation import gettext_lazy, override

from kontor.base import audit, links
from kontor.base.actor import Actor
from kontor.base.audit import SubjectRef, read
from kontor.base.jobs import JobContext, enqueue, handler, handlers, run_due_jobs
from kontor.base.links import LinkDone, LinkPage, link_action, make_link, read_link
from kontor.base.models import Job, JobState
from kontor.base.templatetags.history import from_to

MakeUser = Callable[..., User]
SignedIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "_handlers", dict(handlers._handlers))
    monkeypatch.setattr(read, "_lenses", [])
    monkeypatch.setattr(links, "_actions", {})

    def fail(job: JobContext) -> None:
        raise ValueError("Secret file name")

    handler("t.good", title="Counting sheep", words={"sheep": "Sheep counted"})(lambda job: {"sheep": 7})
    handler("t.bad", title="Secret import", max_attempts=1)(fail)


def change(who: str, subject: str, secret: str, verb: str = "change") -> None:
    with transaction.atomic():
        audit.record(
            actor=Actor(key=who, label=f"Person {who}"),
            verb=verb,
            subject=SubjectRef("organisation", subject, f"Organisation {subject}"),
            changes={"summary": ["", secret]},
        )


class TestJobs:
    def test_person_sees_own_jobs_only(self, user_with: MakeUser, signed_in: SignedIn) -> None:
        mine, other = user_with(), user_with()
        enqueue("t.good", {}, actor=Actor.of_user(mine))
        foreign = enqueue("t.bad", {}, actor=Actor.of_user(other))
        run_due_jobs()
        client = signed_in(mine)
        page = client.get("/jobs/").content.decode()
        assert ("Counting sheep" in page, "Secret import" in page) == (True, False)
        for address in (f"/jobs/{foreign.key}/", "/jobs/all/"):
            answer = client.get(address)
            assert (answer.status_code, "Secret" in answer.content.decode()) == (403, False)
        for button in ("cancel", "retry"):
            assert client.post(f"/jobs/{foreign.key}/{button}/").status_code == 403
        assert Job.objects.get(key=foreign.key).state == JobState.FAILED

    def test_administrator_sees_all(self, user_with: MakeUser, signed_in: SignedIn) -> None:
        enqueue("t.good", {}, actor=Actor.of_user(user_with()))
        assert "Counting sheep" in signed_in(user_with("administrator")).get("/jobs/all/").content.decode()

    def test_job_page_shows_progress_by_reload_and_by_fragment(
        self, user_with: MakeUser, signed_in: SignedIn
    ) -> None:
        user = user_with()
        job = enqueue("t.good", {}, actor=Actor.of_user(user))
        Job.objects.update(state=JobState.RUNNING, done=30, total=120, step="Reading rows")
        client = signed_in(user)
        whole = client.get(f"/jobs/{job.key}/").content.decode()
        part = client.get(f"/jobs/{job.key}/", headers={"HX-Request": "true"}).content.decode()
        assert ("<html" in whole, "<html" in part) == (True, False)
        for page in (whole, part):
            assert "Reading rows" in page
            assert "every 2s" in page
            assert f"/jobs/{job.key}/cancel/" in page
        Job.objects.update(state=JobState.DONE, result={"sheep": 7, "raw_list": ["secret"]})
        over = client.get(f"/jobs/{job.key}/", headers={"HX-Request": "true"}).content.decode()
        assert ("every 2s" in over, "Sheep counted" in over, "secret" in over) == (False, True, False)

    def test_buttons(self, user_with: MakeUser, signed_in: SignedIn) -> None:
        user = user_with()
        job = enqueue("t.good", {}, actor=Actor.of_user(user))
        client = signed_in(user)
        assert client.post(f"/jobs/{job.key}/cancel/").status_code == 302
        assert Job.objects.get().state == JobState.CANCELLED
        assert "Try again" in client.get(f"/jobs/{job.key}/").content.decode()
        client.post(f"/jobs/{job.key}/retry/")
        run_due_jobs()
        assert Job.objects.get().state == JobState.DONE

    @pytest.mark.parametrize("count", [1, 3])
    def test_list_asks_a_fixed_number_of_questions(
        self,
        user_with: MakeUser,
        signed_in: SignedIn,
        django_assert_num_queries: Callable[[int], object],
        count: int,
    ) -> None:
        user = user_with("administrator")
        for _number in range(count):
            enqueue("t.good", {}, actor=Actor.of_user(user))
        client = signed_in(user)
        with django_assert_num_queries(5):  # type: ignore[attr-defined]
            client.get("/jobs/all/")


class TestAudit:
    @pytest.mark.parametrize("role", ["administrator", "controller"])
    def test_everything_for_those_who_control(
        self, user_with: MakeUser, signed_in: SignedIn, role: str
    ) -> None:
        change("a", "o1", "Secret plan")
        assert "Secret plan" in signed_in(user_with(role)).get("/audit/").content.decode()

    @pytest.mark.parametrize(
        ("role", "scope"), [("", ""), ("owner", "o1"), ("juror", "p"), ("policy_maker", "")]
    )
    @pytest.mark.parametrize("page", ["", "audit.csv", "audit.json"])
    def test_nothing_for_others(
        self, user_with: MakeUser, signed_in: SignedIn, role: str, scope: str, page: str
    ) -> None:
        change("a", "o1", "Secret plan")
        answer = signed_in(user_with(role, scope)).get(f"/audit/{page}")
        assert (answer.status_code, "Secret" in answer.content.decode()) == (403, False)

    def test_cluster_manager_sees_own_rows_and_what_the_lenses_show(
        self, user_with: MakeUser, signed_in: SignedIn
    ) -> None:
        manager = user_with("cluster_manager", "c1")
        change(manager.key, "o1", "My own change")
        change("a", "member", "Change of a member")
        change("a", "stranger", "Secret of a stranger")
        read.see_history_with(lambda user: Q(subject_kind="organisation", subject_key="member"))
        client = signed_in(manager)
        texts = [client.get("/audit/").content.decode()]
        texts += [b"".join(client.get(f"/audit/{name}")).decode() for name in ("audit.csv", "audit.json")]
        for text in texts:
            assert "My own change" in text
            assert "Change of a member" in text
            assert "Secret" not in text

    def test_filters_narrow_page_and_exports_alike(self, user_with: MakeUser, signed_in: SignedIn) -> None:
        change("a", "o1", "alpha plan")
        change("b", "o2", "omega plan", verb="merge")
        client = signed_in(user_with("administrator"))
        for query in ("verb=merge", "actor=Person b", "subject=o2", "subject=Organisation o2"):
            rows = json.loads(b"".join(client.get(f"/audit/audit.json?{query}")))
            assert [row["subject_key"] for row in rows] == ["o2"]
            page = client.get(f"/audit/?{query}").content.decode()
            assert ("omega plan" in page, "alpha plan" in page) == (True, False)
        assert json.loads(b"".join(client.get("/audit/audit.json?until=2001-01-01"))) == []

    def test_csv_runs_no_formula(self, user_with: MakeUser, signed_in: SignedIn) -> None:
        change("=cmd()", "o1", "x")
        with transaction.atomic():
            actor = Actor(key="k", label="=HYPERLINK(1)")
            audit.record(actor=actor, verb="change", subject=SubjectRef("t", "@x", "+1"), changes={})
        text = b"".join(signed_in(user_with("administrator")).get("/audit/audit.csv")).decode()
        rows = list(csv.DictReader(io.StringIO(text)))
        assert (rows[0]["actor_label"], rows[0]["subject_label"]) == ("'=HYPERLINK(1)", "'+1")
        assert len(rows) == 2

    @pytest.mark.parametrize("count", [1, 3])
    def test_log_asks_a_fixed_number_of_questions(
        self,
        user_with: MakeUser,
        signed_in: SignedIn,
        django_assert_num_queries: Callable[[int], object],
        count: int,
    ) -> None:
        client = signed_in(user_with("administrator"))
        for number in range(count):
            change("a", f"o{number}", "x")
        with django_assert_num_queries(5):  # type: ignore[attr-defined]
            client.get("/audit/")

    def test_verbs_and_fields_are_words_in_the_readers_language(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(read, "_fields", {"codes": gettext_lazy("Codes")})
        with override("de"):
            assert read.verb_text("change") == "geändert"
            assert read.field_text("user", "language") == "Sprache"
            assert read.field_text("organisation", "summary") == "Zusammenfassung"
        assert read.field_text("organisation", "codes") == "Codes"
        assert read.field_text("nothing", "some_field") == "some field"


class TestLinks:
    @pytest.fixture
    def acted(self) -> list[int]:
        acted: list[int] = []

        def act(request: object, payload: dict[str, int]) -> LinkDone:
            acted.append(payload["id"])
            return LinkDone("Done.", "/sign-in/")

        link_action(
            "confirm", describe=lambda payload: LinkPage("Title", f"No. {payload['id']}", "Go"), act=act
        )
        return acted

    def test_opening_asks_and_pressing_acts(self, db: None, client: Client, acted: list[int]) -> None:
        address = make_link("confirm", {"id": 7}, max_age_days=1)
        assert "No. 7" in client.get(address).content.decode()
        assert acted == []
        assert client.post(address)["Location"] == "/sign-in/"
        assert acted == [7]

    def test_altered_or_borrowed_links_do_nothing(self, db: None, client: Client, acted: list[int]) -> None:
        address = make_link("confirm", {"id": 7}, max_age_days=1)
        link_action("other", describe=links._actions["confirm"].describe, act=links._actions["confirm"].act)
        for bad in (address[:-3] + "x/", address.replace("/confirm/", "/other/"), "/link/unknown/abc/"):
            assert client.post(bad).status_code == 404
        assert acted == []

    def test_old_link_says_so(self, db: None, client: Client, acted: list[int]) -> None:
        address = make_link("confirm", {"id": 7}, max_age_days=-1)
        assert client.post(address).status_code == 410
        assert acted == []

    def test_payload_comes_back(self) -> None:
        token = make_link("confirm", {"a": [1, "ž"]}, max_age_days=1).split("/")[-2]
        assert read_link("confirm", token) == {"a": [1, "ž"]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ([None, "Wärme GmbH"], "Wärme GmbH"),
        (["Wärme", "Wärme GmbH"], "Wärme → Wärme GmbH"),
        ([True, False], "yes → no"),
        ([False, True], "no → yes"),
        ([12, None], "12 → –"),
        (["a" * 200, ""], f"{'a' * 119}… → –"),
        ([["DE"], ["DE", "NL"]], '["DE"] → ["DE", "NL"]'),
        ("as it came", "as it came"),
    ],
)
def test_a_logged_change_reads_from_old_to_new(change: object, words: str) -> None:
    assert from_to(change) == words
