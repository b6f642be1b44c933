"""Who reads, writes and submits an application; competitors learn nothing, not even that it exists."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kontor.base.actor import Actor
from kontor.features.calls import actions
from kontor.features.calls.models import Application
from kontor.features.calls.queries import application_for, applications_for
from kontor.features.calls.rules import (
    may_handle_application,
    may_read_application,
    may_submit_application,
    may_write_application,
)

WRITERS = {"owner", "editor", "colleague", "helper"}
PEOPLE = (
    "owner", "editor", "reader", "colleague", "competitor", "helper", "manager", "other_manager",
    "controller", "administrator", "nobody",
)  # fmt: skip


def holders(round_: SimpleNamespace, rule: object, application: Application) -> set[str]:
    return {name for name in PEOPLE if rule.test(getattr(round_, name), application)}  # type: ignore[attr-defined]


def test_a_draft_belongs_to_those_who_write_it(round_: SimpleNamespace, draft: Application) -> None:
    assert holders(round_, may_read_application, draft) == WRITERS | {"reader", "administrator"}
    assert holders(round_, may_write_application, draft) == WRITERS
    assert holders(round_, may_submit_application, draft) == {"owner"}
    assert holders(round_, may_handle_application, draft) == {"administrator"}


def test_handed_in_it_is_read_by_the_programme(round_: SimpleNamespace, complete: Application) -> None:
    actions.submit_application(application=complete, actor=Actor.of_user(round_.owner))
    readers = WRITERS | {"reader", "administrator", "manager", "controller"}
    assert holders(round_, may_read_application, complete) == readers
    assert holders(round_, may_handle_application, complete) == {"administrator", "manager"}
    for name in PEOPLE:
        found = applications_for(getattr(round_, name)).filter(pk=complete.pk).exists()
        assert found == (name in readers), name


def test_a_partner_that_was_taken_out_reads_no_more(round_: SimpleNamespace, draft: Application) -> None:
    partner = draft.partners.get(organisation=round_.partner)
    actions.remove_partner(partner=partner, actor=Actor.of_user(round_.owner))
    assert not may_read_application.test(round_.colleague, draft)


def test_a_competitor_gets_the_answer_of_nothing(round_: SimpleNamespace, complete: Application) -> None:
    from django.http import Http404

    with pytest.raises(Http404):
        application_for(round_.competitor, complete.key)
