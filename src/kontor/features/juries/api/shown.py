"""An application as somebody in the jury sees it, and what is told of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from ninja import Field, Schema

from kontor.features.juries.dossiers import Files
from kontor.features.juries.marking import rounded
from kontor.features.juries.models import Consensus
from kontor.features.juries.outcomes import COMMENT, NOTES, WHY, Outcome, Round, Sheet
from kontor.features.juries.queries import comments_of
from kontor.features.juries.seeing import Seen, Viewer
from kontor.features.juries.visibility import Role, Thing
from kontor.features.juries.wording import failures, spoken, third_reason
from kontor.programmes.word.model import Box


class SheetSeenOut(Schema):
    assessor: str = Field(description="a name, or a number where names stay hidden")
    third: bool
    submitted: bool
    marks: dict[str, str] = Field(description="by criterion")
    reasons: dict[str, str] = Field(description="by criterion")
    comment: str = Field(description="words for the applicants")
    notes: str = Field(description="words for the jury")
    total: Decimal | None


class VoiceOut(Schema):
    assessor: str = Field(description="empty where it is hidden from you")
    agrees: bool
    words: str
    revision: int = Field(description="of the report that was answered")


class ConsensusOut(Schema):
    marks: dict[str, str]
    text: str
    comment: str
    language: str
    revision: int = Field(description="send it with a new version or an answer")
    written_by: str = Field(description="empty where it is hidden from you")
    changed_at: dt.datetime
    agreed_at: dt.datetime | None = Field(description="when all had agreed; its marks count from then on")
    voices: list[VoiceOut]


class VerdictOut(Schema):
    total: Decimal | None = Field(description="null until everything that counts is in")
    counts: Decimal | None = Field(description="the total that ranks: this, or the calibrated one")
    verdict: str = Field(description="where the jury judges in words")
    passes: bool
    below: list[str] = Field(description="in words, why it does not pass")


class SeenAnswerOut(Schema):
    question: str
    answer: str = Field(description="empty for a table")
    table: list[list[str]] = Field(description="its head first, sums last; empty where the answer is a text")


class SeenFileOut(Schema):
    key: str
    name: str
    size: int = Field(description="bytes")


class SeenFilesOut(Schema):
    field: str
    question: str
    files: list[SeenFileOut] | None = Field(description="null where this field's files are not open to you")


class JuryApplicationOut(Schema):
    """What is null is not open to you in this phase. With `conflicts` nothing else is told."""

    key: str
    number: str
    title: str = Field(description="empty where the text is not open to you; hidden names are blacked out")
    conflicts: list[str]
    applicants: list[str] | None
    answers: list[SeenAnswerOut] | None = Field(description="of a single application only")
    files: list[SeenFilesOut] = Field(description="of a single application only, where its text is open")
    own: SheetSeenOut | None
    others: list[SheetSeenOut] | None
    consensus: ConsensusOut | None
    result: VerdictOut | None
    comments: dict[str, list[str]] | None = Field(description="words for the applicants by language")
    sheets: int
    handed_in: int
    third_due: str = Field(description="why a third assessor is due; empty where none is")
    writes_report: bool = Field(description="whether you may write the consensus report now")


def seen_told(seen: Seen, read: Round, viewer: Viewer, *, writes: bool = False) -> dict[str, Any]:
    """What `seen` says and nothing else."""
    number = seen.application.number
    if seen.conflicts:
        return _untold(seen) | {"conflicts": [each.sentence() for each in seen.conflicts]}
    answers = None if seen.answers is None else [_answer(each) for each in seen.answers]
    others = None if seen.others is None else [_sheet(each.sheet, each.label) for each in seen.others]
    return {
        **_untold(seen),
        "title": seen.title.removeprefix(number).strip(),
        "applicants": None if seen.applicants is None else list(seen.applicants),
        "answers": answers,
        "files": [_files(each) for each in seen.files],
        "own": _sheet(seen.own, "") if seen.own else None,
        "others": others,
        "consensus": report_told(seen.consensus, viewer) if seen.consensus else None,
        "result": verdict_told(seen.outcome, read) if seen.outcome else None,
        "comments": seen.comments,
        "sheets": seen.sheets,
        "handed_in": seen.handed_in,
        "third_due": third_reason(read.outcome(seen.application)) if seen.apart else "",
        "writes_report": writes,
    }


def applicants_view(outcome: Outcome, read: Round, viewer: Viewer) -> dict[str, Any]:
    """What its applicants are told of an application."""
    seen = Seen(outcome.application, outcome.application.number)
    return {
        **_untold(seen),
        "result": verdict_told(outcome, read) if viewer.may(Thing.RESULTS) else None,
        "comments": comments_of(outcome) if viewer.may(Thing.COMMENTS) else None,
    }


def verdict_told(outcome: Outcome, read: Round) -> dict[str, Any]:
    final = outcome.final
    return {
        "total": rounded(outcome.total),
        "counts": rounded(outcome.adjusted if read.panel.adjusted else outcome.total),
        "verdict": read.scale.shown(final.verdict, spoken()) if final else "",
        "passes": final is not None and final.passed,
        "below": failures(outcome, read.scale),
    }


def report_told(row: Consensus, viewer: Viewer) -> dict[str, Any]:
    """Who wrote and who said what is for those who may know the assessors."""
    named = viewer.role == Role.MANAGER or viewer.may(Thing.JURORS)
    mine = viewer.member.pk if viewer.member else 0
    same = ("marks", "text", "comment", "language", "revision", "changed_at", "agreed_at")
    return {
        **{name: getattr(row, name) for name in same},
        "written_by": row.written_by if named else "",
        "voices": [
            {
                "assessor": each.member.expert.name if named or each.member_id == mine else "",
                "agrees": each.agrees,
                "words": each.words,
                "revision": each.revision,
            }
            for each in row.voices.select_related("member__expert")
        ],
    }


def _untold(seen: Seen) -> dict[str, Any]:
    nothing = ("applicants", "answers", "own", "others", "consensus", "result", "comments")
    return {
        **dict.fromkeys(nothing),
        "key": seen.application.key,
        "number": seen.application.number,
        "title": "",
        "files": [],
        "conflicts": [],
        "sheets": 0,
        "handed_in": 0,
        "third_due": "",
        "writes_report": False,
    }


def _answer(one: Box) -> dict[str, Any]:
    sums = [one.sums] if one.sums else []
    return {
        "question": one.name,
        "answer": ", ".join(one.chosen) or one.text,
        "table": [list(row) for row in (one.columns, *one.rows, *sums)] if one.rows else [],
    }


def _files(one: Files) -> dict[str, Any]:
    files = None if one.files is None else [{"key": f.key, "name": f.name, "size": f.size} for f in one.files]
    return {"field": one.field, "question": one.label, "files": files}


def _sheet(sheet: Sheet, label: str) -> dict[str, Any]:
    reasons = {
        name.removeprefix(WHY): text for name, text in sheet.values.items() if name.startswith(WHY) and text
    }
    return {
        "assessor": label,
        "third": sheet.assignment.kind == "third",
        "submitted": sheet.submitted,
        "marks": sheet.marks,
        "reasons": reasons,
        "comment": sheet.values.get(COMMENT, ""),
        "notes": sheet.values.get(NOTES, ""),
        "total": rounded(sheet.judged.total) if sheet.judged else None,
    }
