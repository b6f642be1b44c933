"""Results of a programme: every value with its day and source, counts for those who steer, nothing silent."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from typer.testing import CliRunner

from kontor import programmes as files
from kontor.base.errors import KontorError
from kontor.base.models import AuditEvent
from kontor.cli.main import app
from kontor.features.accounts.models import User
from kontor.features.programmes import actions
from kontor.features.programmes.models import IndicatorReading, Programme
from kontor.features.programmes.results import results_of
from kontor.features.programmes.tests.conftest import ACTOR

pytestmark = pytest.mark.django_db
NOTE = "Secret: two of them are doubtful"
BY = "Mia Manager"


@pytest.fixture
def crossing() -> Programme:
    made = actions.add_programme(text=files.shipped_texts()["cleantech-energy-crossing"], actor=ACTOR)
    actions.publish_draft(programme=made, actor=ACTOR)
    return made


@pytest.fixture
def people(crossing: Programme, user_with: Callable[..., User]) -> SimpleNamespace:
    return SimpleNamespace(
        manager=user_with("programme_manager", crossing.key, name=BY),
        other=user_with("programme_manager", "rocket"),
    )


def enter(programme: Programme, **values: Any) -> IndicatorReading:
    told = {
        "indicator": "funded-smes", "amount": Decimal(28), "day": dt.date(2026, 3, 3), "source": "Report 4",
        **values,
    }  # fmt: skip
    return actions.add_reading(programme=programme, actor=ACTOR, **told)


def rows(programme: Programme) -> dict[str, Any]:
    assert programme.current is not None
    found = results_of(programme, programme.current.definition, counted=True)
    return {row.indicator.key: row for row in found}


def test_the_published_figures_of_cleantech_energy_crossing(crossing: Programme) -> None:
    found = {key: row.latest.amount for key, row in rows(crossing).items()}
    assert found == {
        "funded-smes": Decimal(27),
        "private-investment": Decimal("647538.90"),
        "jobs": Decimal(21),
        "researchers": Decimal(9),
        "enterprises-research": Decimal(34),
        "institutes-research": Decimal(4),
        "products": Decimal(15),
    }


def test_the_parts_of_a_sum_stand_beside_it() -> None:
    made = actions.add_programme(text=files.shipped_texts()["rocket"], actor=ACTOR)
    actions.publish_draft(programme=made, actor=ACTOR)
    sums = [row for row in rows(made).values() if row.parts]
    assert [(row.latest.amount, [amount for _name, amount in row.parts]) for row in sums] == [
        (Decimal(153), [Decimal(112), Decimal(15), Decimal(26)])
    ]


def test_the_latest_day_counts_and_a_removed_value_comes_back(crossing: Programme) -> None:
    later = enter(crossing, amount=Decimal(30), day=dt.date(2026, 4, 1), source="Report 5")
    enter(crossing)
    said = [(each.amount, each.source) for each in rows(crossing)["funded-smes"].said]
    assert [source for _amount, source in said[:2]] == ["Report 5", "Report 4"]
    assert said[2][0] == Decimal(27), "what the file gives without a day is the oldest"
    actions.remove_reading(reading=later, actor=ACTOR)
    assert rows(crossing)["funded-smes"].latest.source == "Report 4"
    actions.bring_reading_back(reading=later, actor=ACTOR)
    assert rows(crossing)["funded-smes"].latest.amount == Decimal(30)
    told = AuditEvent.objects.filter(verb__endswith="-reading").order_by("seq")
    assert [(row.verb, row.reason) for row in told] == [
        ("add-reading", "Report 5"), ("add-reading", "Report 4"),
        ("remove-reading", "Report 5"), ("restore-reading", "Report 5"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"indicator": "moon-landings"}, "indicator"),
        ({"amount": Decimal(-1)}, "amount"),
        ({"amount": Decimal("0.001")}, "amount"),
        ({"amount": Decimal("NaN")}, "amount"),
        ({"day": timezone.localdate() + dt.timedelta(days=1)}, "day"),
        ({"source": " "}, "source"),
    ],
)
def test_bad_values_name_the_field(crossing: Programme, values: dict[str, Any], path: str) -> None:
    with pytest.raises(KontorError) as refused:
        enter(crossing, **values)
    assert refused.value.path == path
    assert not IndicatorReading.objects.exists()


def test_products_on_the_market_are_counted(crossing: Programme) -> None:
    assert rows(crossing)["products"].counted == Decimal(0)
    for stage in ("marketed", "tested", "marketed"):
        actions.move_product(programme=crossing, product="quiet-heat-pump", stage=stage, actor=ACTOR)
    assert rows(crossing)["products"].counted == Decimal(1)


def test_the_page_for_everybody_and_for_those_who_steer(
    crossing: Programme, people: SimpleNamespace, signed_in: Callable[..., Client], client: Client
) -> None:
    path = f"/programmes/{crossing.key}/results/"
    manager = signed_in(people.manager)
    values = {
        "indicator": "private-investment", "amount": "650,000.10", "day": "2026-05-05", "source": "Report 6",
        "note": NOTE,
    }  # fmt: skip
    assert manager.post(f"{path}new/", {**values, "day": "2999-01-01"}).status_code == 400
    assert manager.post(f"{path}new/", values).status_code == 302
    page = manager.get(path).content.decode()
    for text in ("650,000.10", NOTE, BY, "Counted by Kontor today"):
        assert text in page
    assert "27" in page
    for who in (client, signed_in(people.other)):
        page = who.get(path).content.decode()
        assert "650,000.10" in page
        assert "5 May 2026" in page
        for text in (NOTE, BY, "Counted by Kontor today"):
            assert text not in page
        assert "Counted" not in who.get(f"{path}export/").content.decode()
    row = IndicatorReading.objects.get()
    assert signed_in(people.other).get(f"{path}new/").status_code == 403
    assert signed_in(people.other).post(f"{path}{row.key}/change/").status_code == 403
    manager.post(f"{path}{row.key}/change/")
    assert "Bring it back" in manager.get(path).content.decode()
    assert "650,000.10" not in client.get(path).content.decode()
    manager.post(f"{path}{row.key}/change/", {"restore": "on"})
    assert "650000.1" in client.get(f"{path}export/").content.decode()


def test_programs_read_and_enter(
    crossing: Programme, people: SimpleNamespace, api_client: Callable[..., Client]
) -> None:
    root = f"/api/v1/programmes/{crossing.key}/results/"
    body = {"indicator": "jobs", "amount": "22.50", "day": "2026-05-05", "source": "Survey"}
    manager = api_client("programmes:read", "programmes:write", user=people.manager)
    made = manager.post(root, body, content_type="application/json")
    assert (made.status_code, made.json()["amount"]) == (201, "22.50")
    told = {row["indicator"]: row for row in manager.get(root).json()}
    assert [value["amount"] for value in told["jobs"]["values"]] == ["22.50", "21"]
    assert (told["products"]["counted"], told["funded-smes"]["counts"]) == ("0", "enterprises-granted")
    others = {row["indicator"]: row for row in Client().get(root).json()}
    assert {row["counted"] for row in others.values()} == {None}
    other = api_client("programmes:read", "programmes:write", user=people.other)
    assert other.post(root, body, content_type="application/json").status_code == 403
    path = f"{root}{made.json()['key']}/"
    assert other.post(f"{path}remove/").status_code == 403
    assert manager.post(f"{path}remove/").status_code == 200
    assert IndicatorReading.objects.standing().count() == 0
    assert manager.post(f"{path}restore/").status_code == 200
    wrong = manager.post(root, {**body, "amount": "-1"}, content_type="application/json")
    assert (wrong.status_code, wrong.json()["error"]["path"]) == (422, "body.amount")


def test_the_command_line_and_a_fixed_number_of_queries(crossing: Programme, client: Client) -> None:
    enter(crossing)
    path = f"/programmes/{crossing.key}/results/"
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    enter(crossing, source="Report 7")
    enter(crossing, indicator="jobs", source="Report 7")
    with CaptureQueriesContext(connection) as three:
        client.get(path)
    assert len(three) == len(one)
    told = CliRunner().invoke(app, ["programmes", "results", crossing.key, "--json"])
    first = json.loads(told.stdout)["results"][0]
    assert (first["indicator"], first["latest"], first["day"]) == ("funded-smes", "28.00", "2026-03-03")
    assert "funded-smes" in CliRunner().invoke(app, ["programmes", "results", crossing.key]).stdout
