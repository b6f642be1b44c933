"""What a reader hands back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kontor.engine.matching.model import Profile


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that could not be used.

    `file`, `row` (1 is the first after the header) and `column` say where, `message` what is wrong,
    `remedy` what to do. `fatal`: the row was left out; otherwise only this value was.
    """

    file: str
    row: int
    column: str
    message: str
    remedy: str
    fatal: bool = True


@dataclass(frozen=True, slots=True)
class Details:
    """What a source says about an organisation beyond what matching needs; empty where it says nothing."""

    short_name: str = ""
    pic: str = ""
    place: str = ""
    postcode: str = ""
    website: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Directory:
    """`profiles` in the order of their keys, `details` by key, `problems` in the order of the file.

    `leads`: for each project the key of who leads it.
    """

    profiles: tuple[Profile, ...]
    problems: tuple[Problem, ...] = ()
    details: Mapping[str, Details] = field(default_factory=dict)
    source: str = ""
    leads: Mapping[str, str] = field(default_factory=dict)
