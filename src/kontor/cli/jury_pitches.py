"""A pitch day as JSON and as text."""

from __future__ import annotations

from pathlib import Path

from kontor.cli.contract import Answer, Clock, Json, OutOfTime
from kontor.engine.core import errors
from kontor.engine.juries.pitches.model import Broken, Order, Placed, clock
from kontor.engine.juries.pitches.read import read_pitches
from kontor.engine.juries.pitches.solve import order


def order_answer(file: Path, seed: int, time: Clock) -> Answer:
    day = read_pitches(file)
    try:
        found = order(day, stop=time, seed=seed)
    except errors.OutOfTime:
        raise OutOfTime("Allow more with --time.") from None
    return Answer(
        status=found.status,
        objective=float(found.changes) if found.placed else None,
        bound=float(found.bound) if found.placed else None,
        solution={"order": [_placed(each) for each in found.placed]},
        explanation={"blocked": [_broken(each) for each in found.blocked]},
        text=_text(found),
    )


def _placed(placed: Placed) -> Json:
    return {
        "pitch": placed.pitch,
        "begin": clock(placed.begin),
        "end": clock(placed.end),
        "present": list(placed.present),
        "out": list(placed.out),
    }


def _broken(broken: Broken) -> Json:
    return {"rule": broken.rule, "subject": list(broken.subject), "text": broken.reason.text()}


def _text(found: Order) -> str:
    if found.blocked:
        lines = ["No order keeps all rules. These cannot be kept together:"]
        return "\n".join([*lines, *(f"  {each.reason.text()}" for each in found.blocked)])
    lines = []
    for each in found.placed:
        out = f", without {', '.join(each.out)}" if each.out else ""
        lines.append(f"{clock(each.begin)} {each.pitch}{out}")
    proof = "proven fewest" if found.changes == found.bound else f"at least {found.bound}"
    lines.append(f"Jurors go out or come in: {found.changes} ({proof}).")
    return "\n".join(lines)
