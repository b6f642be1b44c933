"""What could be copied into an application: from another one, and from the directory. Read only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kontor.base.texts import texts_of
from kontor.features.calls.dossier.facts import answers_of, choices_of, payees_of
from kontor.features.calls.models import Application
from kontor.features.calls.queries import own_applications
from kontor.features.matching.consortia.rules import stands_for_q
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.models.statement import Statement, StatementKind
from kontor.programmes.forms import Field
from kontor.programmes.forms.copying import Copy, Fit, Target, plan_copy

#: Kinds of fields that take a text of the directory.
TEXT_KINDS = ("text", "paragraph")
_MOST_STATEMENTS = 30


@dataclass(frozen=True, slots=True)
class CopyLine:
    """One answer of the other application: where it would go, and what stands there now."""

    copy: Copy
    source: Field
    target: Field | None
    offered: Any
    here: Any

    @property
    def takes(self) -> bool:
        """Whether it is proposed: it fits, and nothing stands there yet."""
        return self.copy.fit is not Fit.NONE and not self.here

    @property
    def is_new(self) -> bool:
        return self.copy.fit is not Fit.NONE and self.copy.value != self.here


@dataclass(frozen=True, slots=True)
class Fact:
    """A text of the directory. `words` are words in a field's key that mean it."""

    key: str
    label: str
    text: str
    words: tuple[str, ...] = ()


def sources_for(user: Any, application: Application) -> list[Application]:
    """Other applications of the person's organisations, the latest first."""
    return list(own_applications(user).exclude(pk=application.pk)[:100])


def plan_for(application: Application, source: Application) -> list[CopyLine]:
    """A line for each answer of the source."""
    form, old = application.questions, source.questions
    answers, here = answers_of(source), answers_of(application)
    target = Target(
        form,
        choices_of(application),
        _partners(source, application),
        payees_of(application),
        application.language,
    )
    return [
        CopyLine(
            copy,
            old.field(copy.source),
            form.field(copy.target) if copy.target else None,
            answers[copy.source],
            here.get(copy.target),
        )
        for copy in plan_copy(old, answers, target)
    ]


def facts_for(user: Any, application: Application) -> list[tuple[Organisation, list[Fact]]]:
    """What the directory says of the organisations in it that the person stands for."""
    own = Organisation.objects.filter(stands_for_q(user)).values("pk")
    rows = application.partners.current().filter(organisation__in=own).select_related("organisation")
    found = [(row.organisation, _facts(row.organisation, application.language)) for row in rows]
    return [(organisation, [fact for fact in facts if fact.text]) for organisation, facts in found]


def fitting_fields(application: Application) -> list[Field]:
    """The fields being written that take a text."""
    sections = application.questions.asked_in(application.step)
    return [field for section in sections for field in section.fields if field.kind in TEXT_KINDS]


def taken_facts(
    application: Application, choices: Mapping[str, str], facts: Iterable[tuple[Organisation, list[Fact]]]
) -> dict[str, Any]:
    """Answers by field; `choices` are {field: "ORGANISATION:FACT"}, others are passed over."""
    known = {f"{organisation.key}:{fact.key}": fact for organisation, listed in facts for fact in listed}
    here = answers_of(application)
    values: dict[str, Any] = {}
    for field in fitting_fields(application):
        fact = known.get(choices.get(field.key, ""))
        if fact is None:
            continue
        text = " ".join(fact.text.split()) if field.kind == "text" else fact.text
        if field.languages:
            values[field.key] = {**(here.get(field.key) or {}), application.language: text}
        else:
            values[field.key] = text
    return values


def proposed(field: Field, facts: list[Fact]) -> str:
    """The fact that the field's key asks for, "" where none does."""
    words = set(re.split(r"[-_]", field.key))
    return next((fact.key for fact in facts if words & set(fact.words)), "")


def _facts(organisation: Organisation, language: str) -> Iterator[Fact]:
    texts = texts_of([organisation], "summary")[organisation.pk]
    summary = texts[language].text if language in texts else organisation.summary
    region = " ".join(part for part in (organisation.postcode, organisation.place) if part)
    address = ", ".join(part for part in (organisation.street, region, organisation.country) if part)
    yield Fact("name", _("Name"), organisation.name, ("name", "applicant"))
    yield Fact("summary", _("Summary"), summary, ("profile", "organisation", "company", "about"))
    yield Fact("address", _("Address"), address, ("address", "place"))
    yield Fact("website", _("Web site"), organisation.website, ("website", "web"))
    today = timezone.localdate()
    statements = Statement.objects.filter(organisation=organisation).current(today)[:_MOST_STATEMENTS]
    words = {
        StatementKind.OFFER: ("offer", "solution", "technology"),
        StatementKind.NEED: ("need", "problem", "demand"),
        StatementKind.COMPETENCE: ("competence", "expertise", "experience"),
    }
    spoken = texts_of(list(statements), "text")
    for row in statements:
        told = spoken[row.pk]
        text = told[language].text if language in told else row.text
        label = f"{row.get_kind_display()}: {row.title or text[:60]}"
        yield Fact(f"statement-{row.key}", label, text, words[StatementKind(row.kind)])


def _partners(source: Application, target: Application) -> dict[str, str]:
    """{key of a partner there: key here} of the organisations in both."""
    here = dict(target.partners.current().values_list("organisation_id", "key"))
    rows = source.partners.current().values_list("organisation_id", "key")
    return {key: here[organisation] for organisation, key in rows if organisation in here}
