"""Two people at one board at the same moment: nobody overwrites silently, nothing happens twice."""

from __future__ import annotations

import json

import pytest
from tests.own_site import OwnSite

_RUN = """
from kontor.base.command import site
site()
from kontor.features.matching.consortia.tests.racing import main
main()
"""


@pytest.mark.slow
def test_two_people_at_one_board_at_once(own_site: OwnSite) -> None:
    told = json.loads(own_site.python(_RUN).splitlines()[-1])
    refused = {name: sorted(race["told"]) for name, race in told.items() if name != "chain"}
    assert refused == {
        "one_seat": ["", "board-changed"],
        "two_seats": ["", ""],
        "details": ["", "board-changed"],
        "same_organisation": ["", "seat-twice"],
        "undo": ["", "step-final"],
        "invite": ["", "invitation-closed"],
        "answer_or_withdraw": ["", refused["answer_or_withdraw"][1]],
    }
    assert refused["answer_or_withdraw"][1] in {"step-final", "invitation-closed"}
    assert (told["one_seat"]["kept"], told["one_seat"]["won"]) == (True, True)
    assert (told["two_seats"]["tasks"], told["two_seats"]["rose"]) == (["", "pumps", "walls"], 2)
    assert told["details"]["kept"]
    assert told["same_organisation"]["seats"] == 1
    assert (told["undo"]["steps"], told["undo"]["task"]) == (1, "")
    assert told["invite"]["mails"] == 1
    assert told["answer_or_withdraw"]["as_told"]
    assert told["chain"]
