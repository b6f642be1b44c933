"""Introductions for programs: scopes, the same rules as the pages, nothing more in the answers."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from kontor.features.matching.models import Introduction

from .conftest import SECRET_MAIL, SECRET_NAME

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/introductions/"


def post(client: Client, path: str, **body: Any) -> tuple[int, Any]:
    answer = client.post(f"{ROOT}{path}", body, content_type="application/json")
    return answer.status_code, answer.json()


def test_from_proposal_to_outcome(place: SimpleNamespace, api_client: Callable[..., Client]) -> None:
    scopes = ("matching:read", "matching:write")
    asker, partner = (api_client(*scopes, user=user) for user in (place.asker_owner, place.hidden_owner))
    status, made = post(asker, "", asker=place.asker.key, partner=place.teaser.key, note="Heat")
    assert status == 201
    assert made["partner"]["level"] == "coded"
    assert made["partner"]["key"] == ""
    assert SECRET_NAME not in str(made)
    key = made["key"]
    assert partner.get(ROOT).json()["count"] == 1
    assert post(asker, f"{key}/answer/", organisation=place.hidden.key, reply="yes")[0] == 403
    status, agreed = post(partner, f"{key}/answer/", organisation=place.hidden.key, reply="yes")
    assert (status, agreed["state"]) == (200, "agreed")
    seen = asker.get(f"{ROOT}{key}/").json()
    assert seen["partner"]["title"] == SECRET_NAME
    assert SECRET_MAIL in str(seen["partner"]["contacts"])
    status, told = post(
        asker, f"{key}/outcomes/", organisation=place.asker.key, kind="contract", amount="0.30", note="First"
    )
    assert status == 201
    assert str(told["outcomes"][0]["amount"]) == "0.30"
    assert post(asker, f"{key}/undo/", organisation=place.asker.key)[0] == 409
    assert post(asker, f"{key}/withdraw/")[0] == 409


def test_scopes_and_strangers(
    place: SimpleNamespace, propose: Any, api_client: Callable[..., Client]
) -> None:
    key = propose().key
    reader = api_client("matching:read", user=place.asker_owner)
    assert post(reader, f"{key}/answer/", organisation=place.asker.key, reply="yes")[0] == 403
    stranger = api_client("matching:read", "matching:write", user=place.stranger)
    assert stranger.get(f"{ROOT}{key}/").status_code == 404
    assert stranger.get(ROOT).json()["count"] == 0
    assert post(stranger, "", asker=place.asker.key, partner=place.partner.key)[0] == 403
    assert Client().get(ROOT).status_code == 401
    assert Introduction.objects.get().state == "proposed"


def test_bad_answers_name_the_field(
    place: SimpleNamespace, propose: Any, api_client: Callable[..., Client]
) -> None:
    client = api_client("matching:write", user=place.partner_owner)
    status, said = post(client, f"{propose().key}/answer/", organisation=place.partner.key, reply="no")
    assert status == 422
    assert said["error"]["code"] == "reason-missing"


def test_the_list_has_a_fixed_number_of_queries(
    place: SimpleNamespace,
    propose: Any,
    api_client: Callable[..., Client],
    django_assert_num_queries: Callable[..., object],
) -> None:
    client = api_client("matching:read", user=place.administrator)
    client.get(ROOT)
    propose()
    with django_assert_num_queries(7):
        client.get(ROOT)
    propose(partner=place.hidden, statement=place.teaser)
    with django_assert_num_queries(7):
        client.get(ROOT)
