"""What a rule answers: one of three states, a reason, and what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kontor.programmes.rules.facts import Partner
from kontor.programmes.rules.wording import Term, sentence
from kontor.programmes.schema import RuleUse


class State(StrEnum):
    """From best to worst: `yes`, `clarify` (something is not known yet), `no`."""

    YES = "yes"
    CLARIFY = "clarify"
    NO = "no"


_ORDER = (State.YES, State.CLARIFY, State.NO)


def worst(states: Iterable[State]) -> State:
    """The worst of several states, `yes` of none."""
    return max(states, key=_ORDER.index, default=State.YES)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the rules' wording with its values; `text` puts it into a language."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: str) -> str:
        return sentence(self.key, self.values, language)


@dataclass(frozen=True, slots=True)
class Seat:
    """A partner that would help: whoever looks for partners can search for it. Empty means: any.

    `types` are of `facts.TYPES` (one suffices), `countries` ISO codes, `nuts` regions, `clusters`
    memberships.
    """

    types: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    nuts: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What would turn the answer to yes; `seats` of the kind `seat` where partners must be added."""

    sentence: Sentence
    seat: Seat | None = None
    seats: int = 0


@dataclass(frozen=True, slots=True)
class Missing:
    """A datum nobody has given yet: a field of a partner, or of the team where `partner` is empty."""

    partner: str
    field: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer, about the team or, where `partner` is set, about that partner."""

    state: State
    reason: Sentence
    changes: tuple[Change, ...] = ()
    missing: tuple[Missing, ...] = ()
    partner: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one rule of the instrument says about a team."""

    use: RuleUse
    text: Sentence
    findings: tuple[Finding, ...]

    @property
    def state(self) -> State:
        return worst(finding.state for finding in self.findings)

    def wording(self, language: str) -> str:
        """The rule in the programme's own words where it has some, else in Kontor's."""
        return self.use.text.get(language) or self.text.text(language)


def yes(rule: str, **values: object) -> Finding:
    """The rule is kept; `values` fill its sentence `kept`."""
    return Finding(State.YES, Sentence(f"{rule}.kept", values))


def no(rule: str, *changes: Change, **values: object) -> Finding:
    """The rule is broken; `values` fill its sentence `broken`."""
    return Finding(State.NO, Sentence(f"{rule}.broken", values), changes)


def nobody(*changes: Change) -> Finding:
    """The rule is broken because the team is still empty."""
    return Finding(State.NO, Sentence("nobody"), changes)


def clarify(lacking: Iterable[tuple[Partner | None, str]]) -> Finding:
    """The answer depends on data that are not known: pairs of partner (None for the team) and field."""
    pairs = tuple(dict.fromkeys((partner.key if partner else "", name) for partner, name in lacking))
    names = {partner.key: partner.label for partner, _ in lacking if partner}
    missing = tuple(Missing(key, name) for key, name in pairs)
    told = tuple(Term("field", name, names.get(key, "")) for key, name in pairs)
    give = Change(Sentence("change.tell", {"missing": told}))
    return Finding(State.CLARIFY, Sentence("unknown", {"missing": told}), (give,), missing)
