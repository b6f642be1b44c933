"""One thing to mend in an answer, told as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made

from kontor.programmes.rules.wording import sentence
from kontor.programmes.schema import Field, Texts


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend: in which field, in which row (from 0) and column where there are such."""

    field: str
    code: str
    values: Mapping[str, object]
    row: int | None = None
    column: str = ""
    own_rule: Texts = made(default_factory=Texts)

    def text(self, language: str) -> str:
        """What is wrong."""
        return sentence(f"form.{self.code}", self.values, language)

    def rule(self, language: str) -> str:
        """The rule that says so: the programme's own words where the form has some, else its limit."""
        return self.own_rule.best(language) or sentence(f"form-rule.{self.code}", self.values, language)


def fault_of(one: Field, code: str, row: int | None = None, place: str = "", **values: object) -> Fault:
    """A fault of a field, with its label; `place` is the column."""
    number = {} if row is None else {"row": row + 1}
    return Fault(one.key, code, {"label": one.label, **number, **values}, row, place)
