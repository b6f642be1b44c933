"""Who gains and who loses by a ranking: shares of places beside shares of true partners."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GroupShare:
    """A group's share of all candidates, of the true partners and of the suggested places, from 0 to 1."""

    group: str
    candidates: float
    partners: float
    suggested: float

    @property
    def tilt(self) -> float:
        """Suggested in proportion to partners: 1 is even, more favours the group, 0 is unknown."""
        return self.suggested / self.partners if self.partners else 0.0


def group_shares(
    groups: Mapping[str, str], partners: Iterable[Iterable[str]], suggested: Iterable[Sequence[str]]
) -> tuple[GroupShare, ...]:
    """`groups` gives the group of each candidate's key; the largest group among the partners comes first.

    Keys without a group are not counted.
    """
    everybody = Counter(groups.values())
    true = Counter(groups[key] for keys in partners for key in keys if key in groups)
    shown = Counter(groups[key] for keys in suggested for key in keys if key in groups)
    shares = [
        GroupShare(
            group,
            everybody[group] / everybody.total(),
            true[group] / max(true.total(), 1),
            shown[group] / max(shown.total(), 1),
        )
        for group in everybody
    ]
    return tuple(sorted(shares, key=lambda each: (-each.partners, each.group)))
