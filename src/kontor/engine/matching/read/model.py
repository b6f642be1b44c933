"""What a reader hands back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.model import Profile
from kontor.engine.matching.model.checks import assign, iso_date, language_code, required
from kontor.engine.matching.past import Cooperation


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
class EarlierProject:
    """A project that some organisations worked in together.

    `members` are keys of profiles, `lead` the one of them that leads it or empty. `started` and `ended` are
    ISO dates or empty. `language`: of title and text, empty where it has to be recognised.
    """

    key: str
    title: str
    text: str = ""
    language: str = ""
    started: str = ""
    ended: str = ""
    programme: str = ""
    members: tuple[str, ...] = ()
    lead: str = ""

    def __post_init__(self) -> None:
        required(self.key, "key")
        required(self.title or self.text, "title")
        assign(self, "language", language_code(self.language, "language"))
        for name in ("started", "ended"):
            iso_date(getattr(self, name), name)
        if self.started and self.ended and self.ended < self.started:
            raise InvalidInput("ended", "It ends before it starts.", "Swap the two dates.")
        if self.lead and self.lead not in self.members:
            raise InvalidInput("lead", f"“{self.lead}” is not among the members.", "Add it to them.")

    def as_cooperation(self) -> Cooperation:
        return Cooperation(self.key, self.title, self.text, self.members, self.started, self.language)


@dataclass(frozen=True, slots=True)
class Directory:
    """`profiles` in the order of their keys, `details` by key, `problems` in the order of the file.

    `projects`: those that its organisations were in, in the order of their keys.
    """

    profiles: tuple[Profile, ...]
    problems: tuple[Problem, ...] = ()
    details: Mapping[str, Details] = field(default_factory=dict)
    source: str = ""
    projects: tuple[EarlierProject, ...] = ()

    @property
    def leads(self) -> Mapping[str, str]:
        """For each project the key of who leads it, where one does."""
        return {each.key: each.lead for each in self.projects if each.lead}
