"""Making a consortium, its details and its variants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import audit
from kontor.base.actor import Actor
from kontor.base.audit import changed_fields
from kontor.base.errors import KontorError
from kontor.base.keys import new_key
from kontor.features.matching.consortia.actions.conflicts import BoardConflict, differences
from kontor.features.matching.consortia.actions.stepping import step
from kontor.features.matching.consortia.problem.facts import ground_of
from kontor.features.matching.models import Consortium, Seat, TeamVariant
from kontor.features.matching.models.consortia import SeatRole, SeatState
from kontor.features.organisations.models import Organisation
from kontor.features.programmes.models import Programme

MOST_VARIANTS = 8
FIELDS = ("title", "text", "definition", "instrument", "product", "themes", "kets", "months")
LABELS = {
    "title": _("title"),
    "text": _("idea"),
    "programme": _("programme"),
    "definition": _("programme"),
    "instrument": _("instrument"),
    "product": _("target product"),
    "themes": _("themes"),
    "kets": _("key enabling technologies"),
    "months": _("duration in months"),
}


@transaction.atomic
def create_consortium(
    *, lead: Organisation, values: Mapping[str, Any], actor: Actor, lead_sits: bool = True
) -> Consortium:
    """A consortium with one variant; `lead_sits`: the lead takes its first seat.

    `values`: title, text, language, need, programme (row), definition, instrument, product, themes, kets,
    months. KontorError where the programme has no such instrument or product.
    """
    programme: Programme | None = values.get("programme")
    consortium = Consortium(
        key=new_key(),
        lead=lead,
        language=values.get("language") or actor.language,
        need=values.get("need"),
        programme=programme,
        version=programme.current if programme else None,
        changed_by=actor.label[:200],
    )
    _fill(consortium, values)
    consortium.save()
    variant = _new_variant(consortium, str(_("First variant")))
    if lead_sits:
        Seat.objects.create(
            key=new_key(),
            variant=variant,
            role=SeatRole.LEAD,
            organisation=lead,
            state=SeatState.ACCEPTED,
            answered_at=timezone.now(),
            answered_by=actor.label[:200],
            changed_by=actor.label[:200],
        )
    changes = {"title": [None, consortium.title], "lead": [None, lead.name]}
    audit.record(actor=actor, verb="consortium.created", subject=consortium, changes=changes)
    return consortium


def change_details(
    *, consortium: Consortium, values: Mapping[str, Any], revision: int | None, actor: Actor
) -> Consortium:
    """Change what the consortium is about. BoardConflict where somebody changed it since `revision`."""
    with step(consortium, "details_changed", actor=actor) as change:
        stored = change.consortium
        before = {name: getattr(stored, name) for name in FIELDS}
        if revision is not None and revision != stored.details_revision:
            told = {name: value for name, value in values.items() if name in FIELDS}
            found = differences(LABELS, before, told)
            raise BoardConflict(stored.changed_by, found, stored.details_revision)
        if "programme" in values:
            programme: Programme | None = values["programme"]
            stored.programme = programme
            stored.version = programme.current if programme else None
        _fill(stored, values)
        stored.details_revision += 1
        change.changes = changed_fields(before, {name: getattr(stored, name) for name in FIELDS})
        change.about = stored.title
    return change.consortium


def add_variant(*, consortium: Consortium, name: str, actor: Actor) -> TeamVariant:
    """An empty variant beside the others."""
    with step(consortium, "variant_added", actor=actor) as change:
        variant = _new_variant(change.consortium, name)
        change.about, change.changes = variant.name, {"variant": [None, variant.name]}
    return variant


def copy_variant(*, variant: TeamVariant, name: str = "", actor: Actor) -> TeamVariant:
    """A variant with the same seats. Who was invited or accepted there is only proposed here: they answered
    for another team. The lead's own yes stays.
    """
    with step(variant.consortium, "variant_copied", actor=actor) as change:
        consortium = change.consortium
        copy = _new_variant(consortium, name or str(_("Copy of %(name)s") % {"name": variant.name}))
        copy.proposal = variant.proposal
        copy.save(update_fields=["proposal"])
        for seat in variant.seats.all():
            own = seat.organisation_id == consortium.lead_id
            seat.pk, seat.key, seat.variant, seat.revision = None, new_key(), copy, 1
            if seat.state != SeatState.OPEN and not own:
                seat.state = SeatState.PROPOSED
                seat.reason, seat.words = "", ""
                seat.invited_at = seat.answered_at = None
                seat.answered_by = ""
            seat.save(force_insert=True)
        change.about, change.changes = copy.name, {"variant": [variant.name, copy.name]}
    return copy


def rename_variant(*, variant: TeamVariant, name: str, actor: Actor) -> TeamVariant:
    with step(variant.consortium, "variant_renamed", actor=actor) as change:
        stored = TeamVariant.objects.get(pk=variant.pk)
        before, stored.name = stored.name, _name(name)
        stored.save(update_fields=["name"])
        change.about, change.changes = stored.name, {"variant": [before, stored.name]}
    return stored


def remove_variant(*, variant: TeamVariant, actor: Actor) -> None:
    """Take a variant away; the step back brings it again. The last one, and the chosen one, stay."""
    with step(variant.consortium, "variant_removed", actor=actor) as change:
        consortium = change.consortium
        others = TeamVariant.objects.alive().filter(consortium=consortium).exclude(pk=variant.pk)
        if not others.exists() or consortium.chosen_id == variant.pk:
            raise KontorError(
                _("The only variant, and the chosen one, cannot be removed."),
                code="variant-needed",
                path="variant",
                remedy=_("Choose or add another one first."),
                status=409,
            )
        TeamVariant.objects.filter(pk=variant.pk).update(removed_at=timezone.now())
        change.about, change.changes = variant.name, {"variant": [variant.name, None]}


def choose_variant(*, variant: TeamVariant, actor: Actor) -> Consortium:
    """The team to go ahead with; the others stay to be compared."""
    with step(variant.consortium, "variant_chosen", actor=actor) as change:
        consortium = change.consortium
        before = consortium.chosen.name if consortium.chosen else None
        consortium.chosen = variant
        change.about, change.changes = variant.name, {"chosen": [before, variant.name]}
    return change.consortium


def new_variant(consortium: Consortium, name: str) -> TeamVariant:
    """A row at the end of the list; for actions that hold the consortium."""
    return _new_variant(consortium, name)


def _new_variant(consortium: Consortium, name: str) -> TeamVariant:
    rows = TeamVariant.objects.filter(consortium=consortium)
    if rows.alive().count() >= MOST_VARIANTS:
        raise KontorError(
            _("A consortium has at most %(most)s variants.") % {"most": MOST_VARIANTS},
            code="variants-many",
            path="variant",
            remedy=_("Remove one first."),
            status=409,
        )
    last = rows.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    return TeamVariant.objects.create(
        consortium=consortium, key=new_key(), name=_name(name), position=position
    )


def _name(name: str) -> str:
    return name.strip()[:120] or str(_("Variant"))


def _fill(consortium: Consortium, values: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in values:
            empty: Any = [] if name in {"themes", "kets"} else None if name == "months" else ""
            setattr(consortium, name, values[name] if values[name] is not None else empty)
    consortium.title = consortium.title.strip()[:200]
    if not consortium.title:
        raise KontorError(
            _("The consortium has no title."),
            code="title-empty",
            path="title",
            remedy=_("Say in a few words what it is about."),
            status=422,
        )
    _refuse_unknown(consortium)


def _refuse_unknown(consortium: Consortium) -> None:
    """Instrument, product and themes are of the programme's current version."""
    version = consortium.version
    if version is None:
        consortium.definition = consortium.instrument = consortium.product = ""
        consortium.themes = []
        return
    known = {each.key for each in (version.definition, *version.definition.variants)}
    if consortium.definition and consortium.definition not in known:
        raise _unknown("definition", consortium.definition)
    ground = ground_of(consortium)
    if consortium.instrument and ground.instrument is None:
        raise _unknown("instrument", consortium.instrument)
    if consortium.product and ground.product is None:
        raise _unknown("product", consortium.product)
    themes = {theme.key for theme in ground.programme.themes} if ground.programme else set()
    for theme in consortium.themes:
        if theme not in themes:
            raise _unknown("themes", theme)


def _unknown(path: str, value: str) -> KontorError:
    return KontorError(
        _("The programme has no “%(value)s”.") % {"value": value},
        code=f"{path}-unknown",
        path=path,
        remedy=_("Choose one from the programme's list."),
        status=422,
    )
