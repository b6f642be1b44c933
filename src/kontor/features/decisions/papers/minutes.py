"""The minutes of a round: who met, which money there was, what was decided and why."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from kontor.base.pdf import pdf_of
from kontor.features.decisions.models import Publication, Round
from kontor.features.decisions.queries import Board, Row, board_of
from kontor.features.decisions.wording import points, said
from kontor.features.programmes.templatetags.programme_words import cents

TEMPLATE = Path(__file__).with_name("minutes.typ")


def pdf(round: Round, publication: Publication | None, *, language: str) -> bytes:
    """As they stand now; without a publication they say that they are a draft."""
    with override(language):
        at = publication.at if publication else timezone.now()
        values = {**_head(round, publication), **_tables(board_of(round))}
        return pdf_of(
            TEMPLATE,
            values,
            title=_("Minutes: %(call)s") % {"call": round.call},
            language=language[:2],
            words=_words(),
            site=settings.SITE_NAME,
            footer=f"{settings.SITE_NAME} · {round.call}",
            at=at,
        )


def _words() -> dict[str, str]:
    return {
        "draft": _("Draft: nothing of this is published yet."),
        "money": _("Money"),
        "decisions": _("Decisions"),
        "reasons": _("Reasons and conditions"),
        "reason": _("Reason"),
        "conditions": pgettext("grant", "Conditions"),
        "where": _("Sent on to"),
        "notes": _("Notes"),
        "nobody": _("No decision yet"),
        "signature": _("Date and signature"),
    }


def _head(round: Round, publication: Publication | None) -> dict[str, Any]:
    adopted = round.adopted
    facts = [
        (_("Programme"), round.call.programme.name),
        (_("Call"), str(round.call)),
        (_("Day of the meeting"), date_format(round.met_on, "DATE_FORMAT") if round.met_on else ""),
        (_("Place"), round.place),
        (_("Present"), "; ".join(line.strip() for line in round.present.splitlines() if line.strip())),
        (_("Rule"), adopted.label if adopted else ""),
        (_("How the money is held"), str(round.get_pot_display())),
    ]
    if publication:
        moment = date_format(timezone.localtime(publication.at), "DATETIME_FORMAT")
        facts.append((_("Published"), f"{moment}, {publication.by}"))
    return {
        "facts": [list(pair) for pair in facts if pair[1]],
        "notes": round.notes,
        "is_draft": publication is None,
    }


def _tables(board: Board) -> dict[str, Any]:
    currency = board.round.call.definition_of_programme.currency
    return {
        "money_columns": [
            [_("Envelope"), False],
            [_("Available (%(currency)s)") % {"currency": currency}, True],
            [_("Granted"), True],
            [_("Left"), True],
        ],
        "money_rows": [
            [str(row), cents(row.limit), cents(row.committed), cents(row.left)] for row in board.envelopes
        ],
        "columns": [
            [_("Rank"), True],
            [_("Proposal"), False],
            [_("Points"), True],
            [_("Asked for"), True],
            [_("Decision"), False],
            [_("Granted"), True],
        ],
        "rows": [_line(row) for row in board.rows],
        "reasons": [_reasoned(row, board) for row in board.rows if row.decision],
    }


def _line(row: Row) -> list[str]:
    score, decision = row.candidate.standing.raw, row.decision
    kind = str(decision.get_kind_display()) if decision else _("No decision yet")
    if decision and decision.reserve_place:
        kind = f"{kind} ({decision.reserve_place})"
    return [
        str(row.place) if row.place else "–",
        f"{row.application.number}\n{row.application.title}\n{row.application.lead}",
        points(score.quantize(Decimal("0.01")))
        if score is not None
        else row.candidate.standing.verdict or "–",
        cents(row.candidate.asked),
        kind,
        cents(decision.amount) if decision and decision.grants else "–",
    ]


def _reasoned(row: Row, board: Board) -> dict[str, str]:
    decision = row.decision
    assert decision is not None
    return {
        "number": row.application.number,
        "title": row.application.title,
        "kind": str(decision.get_kind_display()),
        "reason": said(decision.grounds, board.names) or decision.reason,
        "conditions": decision.conditions,
        "where": decision.redirect_to,
        "by": ", ".join(name for name in (decision.decided_by, decision.confirmed_by) if name),
    }
