"""Jobs and the log through the API: one's own, everybody's for administrators, and nothing for others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from kontor.base import audit
from kontor.base.actor import Actor
from kontor.base.audit import SubjectRef
from kontor.base.jobs import JobContext, enqueue, handler, handlers, run_due_jobs
from kontor.base.models import Job

pytestmark = pytest.mark.django_db
ApiClient = Callable[..., Client]
UserWith = Callable[..., Any]


@pytest.fixture(autouse=True)
def kinds(settings: Any) -> Iterator[None]:
    settings.JOBS = "worker"
    known = dict(handlers._handlers)

    @handler("test.api", title="Counting", max_attempts=1)
    def count(job: JobContext) -> dict[str, Any]:
        if job.payload.get("fail"):
            raise RuntimeError("broken")
        return {"counted": 3}

    yield
    handlers._handlers.clear()
    handlers._handlers.update(known)


def test_a_job_is_followed_to_its_end(api_client: ApiClient, user_with: UserWith) -> None:
    user = user_with(name="Ada")
    mine = api_client("jobs:read", "jobs:write", user=user)
    job = enqueue("test.api", {}, actor=Actor.of_user(user))
    waiting = mine.get(f"/api/v1/jobs/{job.key}").json()
    assert (waiting["state"], waiting["title"], waiting["asked_by"]) == ("waiting", "Counting", "Ada")
    run_due_jobs()
    done = mine.get(f"/api/v1/jobs/{job.key}").json()
    assert (done["state"], done["result"]) == ("done", {"counted": 3})
    assert mine.get("/api/v1/jobs/?state=done").json()["count"] == 1
    assert mine.get("/api/v1/jobs/?state=failed").json()["count"] == 0
    assert mine.post(f"/api/v1/jobs/{job.key}/retry").json()["error"]["code"] == "job-not-finished"


def test_a_job_is_stopped_and_tried_again(api_client: ApiClient, user_with: UserWith) -> None:
    user = user_with()
    mine = api_client("jobs:read", "jobs:write", user=user)
    job = enqueue("test.api", {"fail": True}, actor=Actor.of_user(user))
    assert mine.post(f"/api/v1/jobs/{job.key}/cancel").json()["state"] == "cancelled"
    assert mine.post(f"/api/v1/jobs/{job.key}/retry").json()["state"] == "retrying"
    run_due_jobs()
    failed = mine.get(f"/api/v1/jobs/{job.key}").json()
    assert (failed["state"], "broken" in failed["error"]) == ("failed", True)


def test_jobs_of_others_do_not_exist(api_client: ApiClient, user_with: UserWith) -> None:
    job = enqueue("test.api", {}, actor=Actor.of_user(user_with(name="Geheime Ada")))
    other = api_client("jobs:read", "jobs:write", user=user_with("cluster_manager", "c1"))
    for client, status in ((other, 404), (Client(), 404)):
        answer = client.get(f"/api/v1/jobs/{job.key}")
        assert (answer.status_code, "Geheime" in answer.content.decode()) == (status, False)
        assert client.post(f"/api/v1/jobs/{job.key}/cancel").status_code == status
    assert other.get("/api/v1/jobs/").json()["items"] == []
    assert other.get("/api/v1/jobs/?everybody=true").status_code == 403
    assert Job.objects.get().state == "waiting"
    administrator = api_client("jobs:read", user=user_with("administrator"))
    assert administrator.get("/api/v1/jobs/?everybody=true").json()["count"] == 1


def test_the_log_is_filtered(api_client: ApiClient, user_with: UserWith) -> None:
    for verb in ("thing.made", "thing.broken"):
        subject = SubjectRef("thing", "t1", "Vase")
        audit.record(
            actor=Actor.system("test"), verb=verb, subject=subject, changes={"shape": [None, "round"]}
        )
    reader = api_client("audit:read", user=user_with("controller"))
    path = "/api/v1/audit/"
    rows = reader.get(path).json()["items"]
    assert [row["verb"] for row in rows] == ["thing.broken", "thing.made"]
    assert (rows[0]["changes"], rows[0]["subject_label"]) == ({"shape": [None, "round"]}, "Vase")
    for query, count in (
        ("verb=thing.made", 1),
        ("subject=vas", 2),
        ("subject=t1", 2),
        ("kind=organisation", 0),
        ("actor=nobody", 0),
        ("since=2020-01-01&until=9999-12-31", 2),
        ("until=2020-01-01", 0),
    ):
        assert reader.get(f"{path}?{query}").json()["count"] == count, query
    assert reader.get(f"{path}?since=soon").json()["error"]["path"] == "query.since"


def test_the_log_is_closed_to_others(api_client: ApiClient, user_with: UserWith) -> None:
    subject = SubjectRef("thing", "t1", "Geheime Vase")
    audit.record(actor=Actor.system("test"), verb="thing.made", subject=subject, changes={})
    manager = api_client("audit:read", user=user_with("cluster_manager", "c1"))
    assert manager.get("/api/v1/audit/").json()["items"] == []
    for client, status in ((api_client("audit:read", user=user_with("owner", "o1")), 403), (Client(), 401)):
        answer = client.get("/api/v1/audit/")
        assert (answer.status_code, "Geheime" in answer.content.decode()) == (status, False)
