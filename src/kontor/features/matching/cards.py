"""Answers as people read them: a card per partner, conditions as chips, exclusions in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kontor.base.components.filters import Chip
from kontor.engine.core.explanation import Evidence, Reason
from kontor.engine.matching.model import Match, Part
from kontor.engine.matching.past import PAST_PARTS
from kontor.features.matching import wording
from kontor.features.matching.ask import PAST, Ask
from kontor.features.matching.queries import Answer, Partner
from kontor.features.organisations.models import EarlierProject, Statement

POINTS = 100
# A part that no score can show: below half a point the bar is empty.
SHORTEST_QUOTE = 3


@dataclass(frozen=True)
class ScorePart:
    """A part of the score in points: `value` of `maximum`."""

    name: str
    label: str
    value: float
    maximum: float


@dataclass(frozen=True)
class Quote:
    """The sentence a reason rests on, in the language it was written in. `asked`: it is the reader's own.

    Of an earlier project `text` is the title, `project` its key and `href` where it can be read.
    """

    text: str
    language: str
    asked: bool
    codes: tuple[str, ...]
    project: str = ""
    href: str = ""


@dataclass(frozen=True)
class Said:
    """A reason or doubt in the reader's language, with its proof."""

    code: str
    text: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Card:
    """`href` is empty for an anonymous partner; then `title` says only where it is and what it is."""

    rank: int
    key: str
    title: str
    href: str
    where: str
    what: str
    points: float
    parts: tuple[ScorePart, ...]
    reasons: tuple[Said, ...]
    doubt: Said
    found_by: tuple[str, ...]
    anonymous: bool
    newcomer: bool
    sample: bool
    shared: bool = False

    @property
    def quotes(self) -> list[Quote]:
        """All sentences and codes that the reasons and the doubt rest on, each once."""
        found: dict[str, Quote] = {}
        named: set[str] = set()
        for quote in (quote for said in (*self.reasons, self.doubt) for quote in said.quotes):
            codes = tuple(code for code in quote.codes if code not in named)
            named.update(codes)
            if codes or (quote.text and quote.text not in found):
                text = "" if quote.text in found else quote.text
                found[text or codes[0]] = replace(quote, text=text, codes=codes)
        return list(found.values())


@dataclass(frozen=True)
class Excluded:
    """A condition with how many organisations it leaves out, and the address without it."""

    text: str
    count: int
    alone: int
    href: str


def cards_of(answer: Answer) -> list[Card]:
    return [_card(rank, partner) for rank, partner in enumerate(answer.partners, start=1)]


def chips_of(ask: Ask) -> list[Chip]:
    """The conditions in force, each with the address without it."""
    chips = [
        _chip(ask, "countries", _("Partner's country"), c, wording.country_label(c)) for c in ask.countries
    ]
    if ask.across:
        where = wording.country_label(ask.origin) or _("country not said")
        chips.append(_chip(ask, "across", _("Across the border from"), "", where))
    if ask.sme:
        chips.append(_chip(ask, "sme", _("Size"), "", _("small or medium-sized")))
    chips += [_chip(ask, "kinds", _("Kind"), kind, wording.kind_label(kind)) for kind in ask.kinds]
    chips += [_chip(ask, "codes", _("Theme or code"), code, wording.code_label(code)) for code in ask.codes]
    if ask.trl_min:
        chips.append(_chip(ask, "trl_min", _("Readiness from"), "", str(ask.trl_min)))
    if ask.trl_max:
        chips.append(_chip(ask, "trl_max", _("Readiness to"), "", str(ask.trl_max)))
    chips += [_chip(ask, "area", _("Region"), code, code) for code in ask.area]
    chips += [_chip(ask, "languages", _("Works in"), c, wording.language_label(c)) for c in ask.languages]
    if ask.excluded:
        count = ngettext("%(count)s organisation", "%(count)s organisations", len(ask.excluded))
        chips.append(_chip(ask, "excluded", _("Not these"), "", count % {"count": len(ask.excluded)}))
    if ask.weights:
        chips.append(_chip(ask, "weights", _("Weights"), "", _("your own")))
    return chips


def excluded_of(answer: Answer) -> list[Excluded]:
    """What each condition leaves out, the largest first."""
    rows = [
        Excluded(wording.sentence(row.reason), row.count, row.alone, _href_without(answer.ask, row.condition))
        for row in answer.result.exclusions
        if row.count
    ]
    return sorted(rows, key=lambda row: -row.count)


def suggested_of(answer: Answer) -> list[Chip]:
    """Codes that were read from the text, each with the address of the question without it."""
    ask = answer.ask
    chips = []
    for code in answer.suggested:
        without = replace(ask, wrong_codes=(*ask.wrong_codes, str(code)))
        href = f"{reverse('matching:search')}?{without.query_string()}"
        chips.append(Chip("", wording.code_label(str(code)), href))
    return chips


def ways_out(answer: Answer) -> list[tuple[str, int, str]]:
    """When the conditions exclude everybody: which to drop, how many that brings back, and the address."""
    rows = []
    for way in answer.result.relaxations:
        names = ", ".join(dict.fromkeys(wording.condition_label(name) for name in way.conditions))
        ask = answer.ask
        for name in way.conditions:
            ask = _without(ask, name)
        rows.append((names, way.count, f"?{ask.query_string()}"))
    return rows


def notes_of(answer: Answer) -> list[str]:
    return [wording.sentence(note) for note in answer.result.notes]


def _card(rank: int, partner: Partner) -> Card:
    match, organisation = partner.match, partner.organisation
    owner = organisation or (partner.statement and partner.statement.organisation)
    kind = str(owner.get_kind_display()) if owner else ""
    country = wording.country_label(partner.country)
    if organisation is not None:
        title, href = organisation.name, organisation.get_absolute_url()
        where = ", ".join(item for item in (organisation.place, country) if item)
        what = f"{kind}, {organisation.get_size_display()}" if organisation.size != "unknown" else kind
    else:
        title = _("%(kind)s in %(country)s, name withheld") % {"kind": kind, "country": country}
        href, where, what = "", country, kind
    return Card(
        rank=rank,
        key=partner.key,
        title=title[:1].upper() + title[1:],
        href=href,
        where=where,
        what=what,
        points=match.score * POINTS,
        parts=_parts(match.parts),
        reasons=tuple(_said(reason, partner) for reason in match.reasons),
        doubt=_said(match.doubt, partner),
        found_by=tuple(wording.method_label(found.method) for found in match.found_by),
        anonymous=organisation is None,
        newcomer=match.reserved and not match.shared,
        shared=match.reserved and match.shared,
        sample=bool(owner and owner.is_sample),
    )


def _parts(parts: Iterable[Part]) -> tuple[ScorePart, ...]:
    """The parts in points; those known from earlier projects as one, where there are any."""
    told = list(parts)
    past = [_part(part) for part in told if part.name in PAST_PARTS]
    shown = [_part(part) for part in told if part.name not in PAST_PARTS]
    if past:
        value, maximum = sum(part.value for part in past), sum(part.maximum for part in past)
        shown.append(ScorePart(PAST, wording.part_label(PAST), value, maximum))
    return tuple(shown)


def _part(part: Part) -> ScorePart:
    return ScorePart(
        part.name, wording.part_label(part.name), part.contribution * POINTS, part.weight * POINTS
    )


def _said(reason: Reason, partner: Partner) -> Said:
    quotes = tuple(
        _project(evidence, partner.projects) if evidence.project else _quote(evidence, partner.evidence)
        for evidence in reason.evidence
        if len(evidence.quote) >= SHORTEST_QUOTE or evidence.codes or evidence.project
    )
    return Said(reason.code, wording.sentence(reason), quotes)


def _project(evidence: Evidence, projects: Mapping[str, EarlierProject]) -> Quote:
    """The title as it is today, with the way to it on the page of who took part."""
    project = projects.get(evidence.project)
    language = project.language if project else ""
    page = reverse("organisations:projects", args=[evidence.profile])
    href = f"{page}?show={evidence.project}#project-{evidence.project}"
    return Quote(project.title if project else evidence.quote, language, False, (), evidence.project, href)


def _quote(evidence: Evidence, statements: dict[str, Statement]) -> Quote:
    statement = statements.get(evidence.statement)
    codes = tuple(wording.code_label(code) for code in evidence.codes)
    return Quote(evidence.quote, statement.language if statement else "", not evidence.profile, codes)


def _chip(ask: Ask, name: str, label: str, item: str, value: str) -> Chip:
    return Chip(
        str(label), str(value), f"{reverse('matching:search')}?{ask.without(name, item).query_string()}"
    )


_FIELDS = {"across_from": ("across",), "sme_only": ("sme",), "trl": ("trl_min", "trl_max"), "sizes": ()}


def _without(ask: Ask, condition: str) -> Ask:
    """The question without one of the engine's conditions."""
    for name in _FIELDS.get(condition, (condition,)):
        if hasattr(ask, name):
            ask = ask.without(name)
    return ask


def _href_without(ask: Ask, condition: str) -> str:
    return f"?{_without(ask, condition).query_string()}"


def side_by_side(cards: Iterable[Card]) -> list[tuple[str, list[str]]]:
    """Rows of a comparison: a label and one text per card."""
    columns = list(cards)
    rows: list[tuple[str, list[str]]] = [
        (_("Where"), [card.where for card in columns]),
        (_("What"), [card.what for card in columns]),
        (_("Points"), [f"{card.points:.0f}" for card in columns]),
    ]
    names = dict.fromkeys(part.name for card in columns for part in card.parts)
    for name in names:
        found = [next((part for part in card.parts if part.name == name), None) for card in columns]
        rows.append((wording.part_label(name), [_points(part) for part in found]))
    rows.append((_("Found by"), [", ".join(card.found_by) for card in columns]))
    return rows


def _points(part: ScorePart | None) -> str:
    if part is None:
        return "–"
    return _("%(value)s of %(maximum)s") % {"value": f"{part.value:.0f}", "maximum": f"{part.maximum:.0f}"}


def why_of(match: Match) -> list[str]:
    """The three reasons as plain sentences, for the API, mails and tables."""
    return [wording.sentence(reason) for reason in match.reasons]
