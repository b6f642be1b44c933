"""What a rule is: a name, parameters with their types, and the function that answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from kontor.programmes.rules.answer import Answer, Finding, Sentence, clarify
from kontor.programmes.rules.facts import Partner, Team
from kontor.programmes.rules.wording import Money, Percent, Term, catalogue
from kontor.programmes.schema import Programme, RuleUse, Texts, Value


class Type(StrEnum):
    """What a parameter holds."""

    COUNT = "count"
    AMOUNT = "amount"
    PERCENT = "percent"
    TYPES = "types"
    COUNTRIES = "countries"
    AREA = "area"
    SIDES = "sides"
    THEMES = "themes"
    KETS = "kets"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `default` is used where the file leaves it out, without one it must stand there."""

    name: str
    type: Type
    default: Value | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A rule at work: the programme, and the parameters with defaults filled in."""

    programme: Programme
    values: Mapping[str, Value]

    def count(self, name: str) -> int:
        value = self.values[name]
        assert isinstance(value, int)
        return value

    def number(self, name: str) -> Decimal:
        value = self.values[name]
        assert isinstance(value, Decimal | int)
        return Decimal(value)

    def word(self, name: str) -> str:
        value = self.values[name]
        assert isinstance(value, str)
        return value

    def words(self, name: str) -> tuple[str, ...]:
        value = self.values[name]
        assert isinstance(value, tuple)
        return value

    def money(self, amount: Decimal) -> Money:
        """An amount in the programme's currency, as sentences show it."""
        return Money(amount, self.programme.currency)

    def shown(self, parameter: Parameter) -> object:
        """The value of a parameter as sentences show it."""
        match parameter.type:
            case Type.AMOUNT:
                return self.money(self.number(parameter.name))
            case Type.PERCENT:
                return Percent(self.number(parameter.name))
            case Type.TYPES:
                return terms("type", self.words(parameter.name))
            case Type.COUNTRIES:
                return terms("country", self.words(parameter.name))
            case Type.KETS:
                return terms("ket", self.words(parameter.name))
            case Type.SIDES:
                return self._names(self.programme.sides, parameter)
            case Type.THEMES:
                return self._names(self.programme.themes, parameter)
            case Type.AREA:
                return self._area(self.word(parameter.name))
        return self.values[parameter.name]

    def _names(self, entries: tuple[object, ...], parameter: Parameter) -> tuple[Texts, ...]:
        wanted = self.words(parameter.name)
        return tuple(
            entry.name  # type: ignore[attr-defined] # sides and themes alike have key and name
            for entry in entries
            if not wanted or entry.key in wanted  # type: ignore[attr-defined] # as above
        )

    def _area(self, key: str) -> object:
        name = self.programme.area_name(key)
        return "" if not key else name or Term("area", "programme")


TeamRule = Callable[[Team, Case], Finding]
PartnerRule = Callable[[Partner, Case], Finding]


@dataclass(frozen=True, slots=True)
class Rule:
    """A named rule, asked once about the team or once about each partner.

    `source` says where such rules are documented. The sentences `<name>.text`, `.kept` and `.broken` stand in
    every file of the wording.
    """

    name: str
    parameters: tuple[Parameter, ...]
    source: str
    team: TeamRule | None = None
    partner: PartnerRule | None = None

    def ask(self, team: Team, programme: Programme, use: RuleUse) -> Answer:
        """What the rule says about a team."""
        return Answer(use, self.said(programme, use), self._findings(team, self.case(programme, use)))

    def said(self, programme: Programme, use: RuleUse) -> Sentence:
        """The rule itself, parameters filled in; its `short` sentence, if there is one, where defaults do."""
        case = self.case(programme, use)
        plain = all(case.values[p.name] == p.default for p in self.parameters if p.default is not None)
        name = "short" if plain and f"{self.name}.short" in catalogue("en") else "text"
        return Sentence(f"{self.name}.{name}", {p.name: case.shown(p) for p in self.parameters})

    def case(self, programme: Programme, use: RuleUse) -> Case:
        filled = {p.name: use.values.get(p.name, p.default) for p in self.parameters}
        return Case(programme, {name: value for name, value in filled.items() if value is not None})

    def _findings(self, team: Team, case: Case) -> tuple[Finding, ...]:
        if self.team is not None:
            return (self.team(team, case),)
        if not team.partners or self.partner is None:
            return (clarify([(None, "partners")]),)
        return tuple(replaced(self.partner(partner, case), partner.key) for partner in team.partners)


def replaced(finding: Finding, partner: str) -> Finding:
    """The finding as one about that partner."""
    return Finding(finding.state, finding.reason, finding.changes, finding.missing, partner)


def terms(kind: str, codes: tuple[str, ...]) -> tuple[Term, ...]:
    return tuple(Term(kind, code) for code in codes)
