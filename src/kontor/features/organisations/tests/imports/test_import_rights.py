"""What an import may touch, and what it never tells."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kontor.features.accounts.models import User
from kontor.features.organisations.imports.queries import problems_of
from kontor.features.organisations.tests.factories import cluster, membership, organisation
from kontor.features.organisations.tests.imports.files import csv_file
from kontor.features.organisations.tests.imports.runs import check, counted, imported

pytestmark = pytest.mark.django_db


def test_a_row_with_a_key_alone_gives_nobody_away(tmp_path: Path) -> None:
    firm = organisation("Nordwind Getriebe GmbH")
    told = [firm.key, "We look for steel.", "teaser", "Nordwind Getriebe looks for steel."]
    run = check(csv_file(tmp_path / "f", [["key", "need_1", "need_1_visibility", "need_1_teaser"], told]))
    assert counted(run) == [0, 0, 0, 1]
    assert problems_of(run.rows.get())[0].code == "teaser_reveals"


def test_a_guessed_number_does_not_tell_whose_it_is(tmp_path: Path, user_with: Callable[..., User]) -> None:
    home = cluster("Home")
    mine = organisation("Mine GmbH", cluster=home)
    organisation("Geheime Anlagen AG", vat="DE136695976", listing="hidden")
    path = csv_file(
        tmp_path / "f", [["key", "Name", "Country", "VAT"], [mine.key, "Mine GmbH", "DE", "DE136695976"]]
    )
    run = check(path, user=user_with("cluster_manager", home.key), cluster_key=home.key)
    (problem,) = problems_of(run.rows.get())
    assert problem.code == "two_matches_hidden"
    assert "Geheim" not in json.dumps(list(run.rows.values()), default=str)


def test_managers_change_members_of_their_cluster_only(
    tmp_path: Path, user_with: Callable[..., User]
) -> None:
    home, other = cluster("Home"), cluster("Other")
    mine = organisation("Mine GmbH", vat="DE136695976")
    membership(home, mine)
    theirs = organisation("Theirs GmbH", vat="DE129273398", summary="secret plans", listing="hidden")
    membership(other, theirs)
    manager = user_with("cluster_manager", home.key)
    rows = [["Mine plus", "DE", "DE136695976"], ["Taken over", "DE", "DE129273398"], ["Fresh", "DE", ""]]
    path = csv_file(tmp_path / "f", [["Name", "Country", "VAT"], *rows])
    run = imported(path, user=manager, cluster_key=home.key, skip_bad=True)
    assert counted(run) == [1, 1, 0, 1]
    theirs.refresh_from_db()
    assert (theirs.name, theirs.member_of.filter(cluster=home).exists()) == ("Theirs GmbH", False)
    (refused,) = run.rows.filter(action="refused")
    assert [problem.code for problem in problems_of(refused)] == ["not_yours"]
    assert "secret" not in str(refused.problems) + str(refused.values)
