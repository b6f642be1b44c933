"""The one list of rules."""

from __future__ import annotations

from kontor.programmes.rules import amounts, people, places, standing
from kontor.programmes.rules.rule import Rule

RULES: tuple[Rule, ...] = (*people.RULES, *places.RULES, *amounts.RULES, *standing.RULES)

#: Every rule by its name.
REGISTRY: dict[str, Rule] = {rule.name: rule for rule in RULES}
