"""The round of the calls' own tests, with what papers need: a call with a file field, a handed-in
application.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from kontor.base.actor import Actor
from kontor.features.accounts.models import User
from kontor.features.calls import actions
from kontor.features.calls.dossier.actions import signing
from kontor.features.calls.models import Application, Call
from kontor.features.calls.tests.conftest import answered as complete
from kontor.features.calls.tests.conftest import draft, round_

__all__ = ["by", "complete", "draft", "partner_of", "round_", "signed", "submitted"]

ANNEX = {
    "key": "annex",
    "kind": "file",
    "label": {"en": "Letters of intent", "de": "Absichtserklärungen", "nl": "Intentieverklaringen"},
    "accept": ["pdf"],
    "most": 2,
    "most_megabytes": 1,
}


def by(user: User) -> Actor:
    return Actor.of_user(user)


def partner_of(application: Application, organisation: object) -> object:
    return application.partners.current().get(organisation=organisation)


def with_annex(call: Call) -> None:
    """The call's form asks for files too."""
    call.form["sections"][0]["fields"].append(ANNEX)
    call.save(update_fields=["form"])


@pytest.fixture
def signed(round_: SimpleNamespace, complete: Application) -> Application:
    """Complete, and signed by the partner's owner."""
    signing.sign_application(
        partner=partner_of(complete, round_.partner),  # type: ignore[arg-type]
        revision=complete.revision,
        capacity="Director",
        actor=by(round_.colleague),
    )
    return complete


@pytest.fixture
def submitted(round_: SimpleNamespace, signed: Application) -> Application:
    actions.submit_application(application=signed, actor=by(round_.owner))
    signed.refresh_from_db()
    return signed


@pytest.fixture
def sign_in(client: object) -> Callable[[User], object]:
    def go(user: User) -> object:
        client.force_login(user)  # type: ignore[attr-defined]
        return client

    return go
