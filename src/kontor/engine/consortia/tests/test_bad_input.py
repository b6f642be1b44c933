"""Whatever is wrong is refused with its place and a remedy."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kontor.engine.consortia.model import Candidate, EachSide, LargestShare, Params, Problem, Side, TeamSize
from kontor.engine.consortia.read import FORMAT, problem_as_json, problem_from_json, read_problem
from kontor.engine.core.errors import InvalidInput


def _content(**fields: Any) -> dict[str, Any]:
    return {"format": FORMAT, "candidates": [{"key": "a", "amounts": {"cost": 5}}, {"key": "b"}], **fields}


WHO = [{"attribute": "kind", "values": ["firm"]}]
MOOD = [{"attribute": "mood", "values": ["x"]}]
WRONG: list[tuple[str, dict[str, Any]]] = [
    ("format", {"format": "kontor-consortium/9"}),
    ("partners", {"partners": []}),
    ("candidates", {"candidates": []}),
    ("candidates", {"candidates": {}}),
    ("candidates[0].key", {"candidates": [{}]}),
    ("candidates[1].key", {"candidates": [{"key": "a"}, {"key": "a"}]}),
    ("candidates[0].country", {"candidates": [{"key": "a", "country": "Holland"}]}),
    ("candidates[0].affinity", {"candidates": [{"key": "a", "affinity": 1.5}]}),
    ("candidates[0].competences.heat", {"candidates": [{"key": "a", "competences": {"heat": 4}}]}),
    ("candidates[0].amounts.cost", {"candidates": [{"key": "a", "amounts": {"cost": Decimal("0.001")}}]}),
    ("candidates[0].amounts.cost", {"candidates": [{"key": "a", "amounts": {"cost": -1}}]}),
    ("candidates[0].tags", {"candidates": [{"key": "a", "tags": "new"}]}),
    ("competences[0].level", {"competences": [{"key": "heat", "level": 0}]}),
    ("competences[0].required", {"competences": [{"key": "heat", "required": "no"}]}),
    ("ties[0].b", {"ties": [{"a": "a", "b": "zed"}]}),
    ("ties[1].a", {"ties": [{"a": "a", "b": "b"}, {"a": "b", "b": "a"}]}),
    ("rules[0].type", {"rules": [{"id": "r", "type": "nonsense"}]}),
    ("rules[0].who", {"rules": [{"id": "r", "type": "members", "who": [], "least": 1}]}),
    ("rules[0].who[0].attribute", {"rules": [{"id": "r", "type": "lead", "who": MOOD}]}),
    ("rules[0].least", {"rules": [{"id": "r", "type": "members", "who": WHO}]}),
    ("rules[0].least", {"rules": [{"id": "r", "type": "team_size", "least": 5, "most": 3}]}),
    ("rules[0].most", {"rules": [{"id": "r", "type": "largest_share", "most": 40}]}),
    ("rules[0].of", {"rules": [{"id": "r", "type": "total", "of": "costs", "most": 1}]}),
    ("rules[0].id", {"rules": [{"id": "fixed:a", "type": "team_size", "most": 3}]}),
    ("rules[1].id", {"rules": [{"id": "r", "type": "team_size", "most": 3}] * 2}),
    ("fixed[0]", {"fixed": ["zed"]}),
    ("excluded", {"fixed": ["a"], "excluded": ["a"]}),
    ("lead", {"lead": "zed"}),
    ("weights.coverage", {"weights": {"coverage": -1}}),
    ("weights.mood", {"weights": {"mood": 1}}),
    ("params.teams", {"params": {"teams": 0}}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "fields"), WRONG, ids=lambda v: v if isinstance(v, str) else "")
def test_the_place_is_named(path: str, fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        problem_from_json(_content(**fields))
    assert refusal.value.path == path
    assert refusal.value.remedy


def test_a_file_that_is_no_json_or_not_there(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")
    for name in ("broken.json", "missing.json"):
        with pytest.raises(InvalidInput) as refusal:
            read_problem(tmp_path / name)
        assert refusal.value.path == name


def test_what_is_written_reads_back_equal() -> None:
    problem = Problem(
        title="Quiet pump",
        candidates=(Candidate("a", country="el", amounts={"cost": Decimal("12.34")}, tags=("new",)),),
        rules=(
            EachSide(id="sides", sides=(Side("NL", ("NL",)),)),
            LargestShare(id="share", most=Decimal("0.4"), firm=True),
            TeamSize(id="size", most=4, weight=2),
        ),
        fixed=("a",),
    )
    written = json.dumps(problem_as_json(problem, Params(teams=3)))
    assert problem_from_json(json.loads(written, parse_float=Decimal)) == (problem, Params(teams=3))
    assert problem.candidates[0].country == "GR"
