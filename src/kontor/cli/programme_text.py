"""How `kontor programme` shows rules and answers at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from kontor.programmes import Assessment, State
from kontor.programmes.rules import RULES, Answer, Parameter, Rule, Sentence


def unfilled(rule: Rule, language: str) -> str:
    """The rule's sentence with the names of its parameters in place of values."""
    return Sentence(f"{rule.name}.text", {p.name: f"<{p.name}>" for p in rule.parameters}).text(language)


def rules_text(language: str) -> str:
    return "\n".join(line for rule in RULES for line in _rule(rule, language))


def _rule(rule: Rule, language: str) -> Iterator[str]:
    yield rule.name
    yield f"  {unfilled(rule, language)}"
    yield from (f"  {_parameter(parameter)}" for parameter in rule.parameters)


def _parameter(parameter: Parameter) -> str:
    if parameter.default is None:
        return f"{parameter.name}: {parameter.type}, must stand there"
    value = parameter.default
    told = ", ".join(value) if isinstance(value, tuple) else value
    return f"{parameter.name}: {parameter.type}, else {told if told != '' else 'none'}"


def assessment_text(found: Assessment, language: str) -> str:
    """Every rule with its light, the reasons of those that are not kept, and what would change them."""
    name = f"{found.programme.name.best(language)}, {found.instrument.name.best(language)}"
    lines = [f"{name}: {_word(found.state, language)}"]
    for answer in found.answers:
        lines += _answer(answer, language)
    return "\n".join(lines)


def _answer(answer: Answer, language: str) -> Iterator[str]:
    preferred = f", {_word('preferred', language)}" if answer.use.preference else ""
    yield f"[{_word(answer.state, language)}{preferred}] {answer.use.key}: {answer.wording(language)}"
    for finding in answer.findings:
        if finding.state != State.YES:
            yield f"    {finding.reason.text(language)}"
            yield from (f"    -> {change.sentence.text(language)}" for change in finding.changes)


def _word(state: State | str, language: str) -> str:
    return Sentence(f"state.{state}").text(language)
