"""An instrument's rules as constraints of the composer, so that what it proposes is what the rules accept.

What a rule says of one partner becomes a mark (a tag) of the candidate, worked out by the rule itself;
what it says of the team becomes a count, a sum or a share in the engine. Rules about facts that no choice
of partners decides, such as the duration, are left to be asked afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kontor.engine.consortia.model import (
    AnyRule,
    Attribute,
    Condition,
    Distinct,
    EachMember,
    LargestShare,
    LeadIs,
    Members,
    TeamSize,
    Total,
)
from kontor.programmes.rules import REGISTRY, Partner, State
from kontor.programmes.rules.people import of_types
from kontor.programmes.rules.places import inside_area, sides_of, sme_on
from kontor.programmes.rules.rule import Case
from kontor.programmes.schema import Instrument, Programme, RuleUse

Fits = Callable[[Partner], bool | None]

#: Rules whose amount must be known of every candidate before the engine can add it up.
_AMOUNTS = {"project-ceiling": "cost", "maximum-share": "cost", "grant-ceiling": "grant"}


@dataclass(frozen=True, slots=True)
class Constraints:
    """`rules` for the engine, ids being the rules' keys, for sides with the side's key after a dot.

    `marks` are the tags of each candidate by its key. `left` are keys of rules that the engine does not
    decide.
    """

    rules: tuple[AnyRule, ...]
    marks: dict[str, tuple[str, ...]]
    left: tuple[str, ...]


def constraints(
    programme: Programme,
    instrument: Instrument,
    partners: Sequence[Partner],
    *,
    language: str = "en",
    strict: bool = False,
) -> Constraints:
    """The rules of an instrument for these candidates.

    Where a datum is not known, a partner counts as fitting, and a proposal may be answered with
    `clarify`; with `strict` it counts as not fitting, and every proposal is answered with `yes`.
    """
    made = _Compiler(programme, partners, language, strict)
    left = [use.key for use in instrument.rules if use.preference or not made.take(use)]
    return Constraints(tuple(made.rules), {key: tuple(tags) for key, tags in made.marks.items()}, tuple(left))


class _Compiler:
    def __init__(
        self, programme: Programme, partners: Sequence[Partner], language: str, strict: bool
    ) -> None:
        self.programme, self.partners = programme, partners
        self.language, self.strict = language, strict
        self.rules: list[AnyRule] = []
        self.marks: dict[str, list[str]] = {partner.key: [] for partner in partners}

    def take(self, use: RuleUse) -> bool:
        """Whether the engine can decide the rule for these candidates; if so it is added."""
        rule = REGISTRY[use.rule]
        amount = _AMOUNTS.get(use.rule)
        if amount and any(getattr(partner, amount) is None for partner in self.partners):
            return False
        case = rule.case(self.programme, use)
        text = rule.said(self.programme, use).text(self.language)
        made = list(self._of_partner(use, case, text) if rule.partner else self._of_team(use, case, text))
        self.rules += made
        return bool(made)

    def _of_partner(self, use: RuleUse, case: Case, text: str) -> Iterator[AnyRule]:
        ask = REGISTRY[use.rule].partner
        assert ask is not None
        answers = {State.YES: True, State.CLARIFY: None, State.NO: False}
        who = self._mark(use.key, lambda partner: answers[ask(partner, case).state])
        yield EachMember(id=use.key, text=text, who=who)

    def _of_team(self, use: RuleUse, case: Case, text: str) -> Iterator[AnyRule]:
        match use.rule:
            case "minimum-partners":
                yield TeamSize(id=use.key, text=text, least=case.count("minimum"))
            case "maximum-partners":
                yield TeamSize(id=use.key, text=text, most=case.count("maximum"))
            case "minimum-smes":
                who = self._mark(use.key, lambda partner: partner.is_type("sme"))
                yield Members(id=use.key, text=text, who=who, least=case.count("minimum"))
            case "required-kinds":
                who = self._mark(use.key, lambda partner: of_types(partner, case.words("types")))
                yield Members(id=use.key, text=text, who=who, least=case.count("minimum"))
            case "minimum-countries":
                yield self._countries(use, case, text)
            case "smes-per-side":
                yield from self._sides(use, case, text)
            case "lead-type" | "lead-region" | "not-previously-lead":
                yield LeadIs(id=use.key, text=text, who=self._mark(use.key, _lead_fits(use.rule, case)))
            case "project-ceiling" | "grant-ceiling":
                most = case.number("ceiling")
                yield Total(id=use.key, text=text, of=_AMOUNTS[use.rule], most=most)
            case "maximum-share":
                most = case.number("percent") / 100
                yield LargestShare(id=use.key, text=text, of="cost", most=most)

    def _countries(self, use: RuleUse, case: Case, text: str) -> AnyRule:
        """Candidates without a country do not count."""
        wanted = case.words("countries")
        who = (Condition(Attribute.COUNTRY, wanted),) if wanted else ()
        return Distinct(id=use.key, text=text, who=who, least=case.count("minimum"))

    def _sides(self, use: RuleUse, case: Case, text: str) -> Iterator[AnyRule]:
        for side in sides_of(case):
            name = f"{use.key}.{side.key}"
            who = self._mark(name, lambda partner, side=side: sme_on(partner, side, case))  # type: ignore[misc] # a lambda's default has no type
            yield Members(id=name, text=text, who=who, least=case.count("minimum"))

    def _mark(self, name: str, fits: Fits) -> tuple[Condition, ...]:
        """Marks every candidate that fits, or may fit, and returns the condition that asks for the mark."""
        for partner in self.partners:
            fit = fits(partner)
            if fit or (fit is None and not self.strict):
                self.marks[partner.key].append(name)
        return (Condition(Attribute.TAG, (name,)),)


def _lead_fits(rule: str, case: Case) -> Fits:
    if rule == "lead-type":
        return lambda partner: of_types(partner, case.words("types"))
    if rule == "lead-region":
        return lambda partner: inside_area(partner, case.word("area"), case)
    return lambda partner: None if partner.led_before is None else not partner.led_before
