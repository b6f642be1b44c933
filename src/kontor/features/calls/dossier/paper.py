"""An application as a Word file, and what a returned one says compared with what stands here now."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from kontor.base.components.dates import moment_text
from kontor.features.calls.dossier.facts import answers_at, answers_of, form_name, ground_of
from kontor.features.calls.models import Application, Transfer
from kontor.programmes.forms import Field, is_empty, join
from kontor.programmes.word import Identity, Paper, WordFile, write_word
from kontor.programmes.word.answers import Ground, paper_of
from kontor.programmes.word.returned import Returned, returned


class Side(StrEnum):
    """Who changed a field since the file was downloaded."""

    FILE = "file"
    SAME = "same"
    BOTH = "both"


class Take(StrEnum):
    """What to write: what the file says, both joined, or nothing: what stands here stays."""

    FILE = "file"
    JOINED = "joined"
    HERE = "here"


@dataclass(frozen=True, slots=True)
class Line:
    """One field that the file changed: as it was then, as it stands here, as the file says, and both joined
    where that loses nothing (None else).
    """

    field: Field
    side: Side
    before: Any
    here: Any
    file: Any
    joined: Any = None

    @property
    def proposal(self) -> Take:
        if self.side is Side.FILE:
            return Take.FILE
        return Take.JOINED if self.joined is not None else Take.HERE

    @property
    def options(self) -> tuple[Take, ...]:
        joined = (Take.JOINED,) if self.side is Side.BOTH and self.joined is not None else ()
        return (*joined, Take.FILE, Take.HERE)

    def value(self, take: Take) -> Any:
        return {Take.FILE: self.file, Take.JOINED: self.joined, Take.HERE: self.here}[take]


def word_of(application: Application, language: str) -> bytes:
    """The form with its answers, to be written in and uploaded again."""
    ground = ground_of(application, language, grouped=False)
    form = application.questions
    identity = Identity(
        application.key, application.revision, form_name(form, application.step), ground.language
    )
    with translation.override(language):
        facts = (
            (_("Application"), application.number),
            (_("Call"), str(application.call)),
            (_("Led by"), application.lead.name),
            (_("As of"), moment_text(application.changed_at)),
        )
    paper = _paper(application, answers_of(application), ground, identity, facts)
    return write_word(paper)


def read_back(application: Application, file: WordFile) -> Returned:
    """What the file says that was not in it when it was downloaded."""
    identity = file.identity
    base = answers_at(application, identity.revision)
    ground = ground_of(application, identity.language, grouped=False)
    paper = _paper(application, base, ground, identity, ())
    return returned(application.questions, file, base, ground, paper)


def lines_of(transfer: Transfer) -> list[Line]:
    """The fields of a returned file beside what stands here now, in the form's order."""
    application = transfer.application
    base = answers_at(application, transfer.base_revision or 0)
    here = answers_of(application)
    fields = [field for field in application.questions.fields() if field.key in transfer.values]
    return [
        line_of(field, base.get(field.key), here.get(field.key), transfer.values[field.key])
        for field in fields
    ]


def line_of(field: Field, before: Any, here: Any, file: Any) -> Line:
    if _alike(field, here, file):
        return Line(field, Side.SAME, before, here, file)
    if _alike(field, here, before):
        return Line(field, Side.FILE, before, here, file)
    both = join(field, before, here, file)
    return Line(field, Side.BOTH, before, here, file, both.value if both.clean else None)


def _alike(field: Field, one: Any, other: Any) -> bool:
    """Nothing answered is the same however it is stored."""
    nothing = [value is None or is_empty(field, value) for value in (one, other)]
    return all(nothing) or (not any(nothing) and one == other)


def _paper(
    application: Application,
    answers: dict[str, Any],
    ground: Ground,
    identity: Identity,
    facts: tuple[tuple[str, str], ...],
) -> Paper:
    title = application.title or application.number
    return paper_of(application.questions, answers, ground, identity=identity, title=title, facts=facts)
