"""Where no team exists: the smallest sets of rules whose change makes one possible.

Every rule gets a switch that lets it be missed. The lightest set of switches is a smallest one; forbidding
it and all that contain it, and asking again, lists them all in the order of their weight.
"""

from __future__ import annotations

from kontor.engine.consortia.change import changes_of
from kontor.engine.consortia.model import Correction, Problem
from kontor.engine.consortia.switches import Switches
from kontor.engine.core.stop import Stop


def corrections(problem: Problem, most: int, stop: Stop, seed: int) -> tuple[tuple[Correction, ...], bool]:
    """At most `most`, the lightest first, and whether these are all. None where firm rules collide."""
    switches = Switches(problem, stop, seed)
    found: list[Correction] = []
    while True:
        names, proven = switches.lightest([each.rules for each in found])
        if names is None or len(found) == most:
            return tuple(found), names is None and proven
        team = switches.nearest(names)
        if not team:
            return tuple(found), False
        changes = tuple(change for name in names for change in changes_of(problem, name, team))
        weight = sum(switches.weights.get(name, 1.0) for name in names)
        found.append(Correction(changes, weight, tuple(each.key for each in team)))
