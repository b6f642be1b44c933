"""What a programme's rules are asked: the programme a consortium rests on, and the facts of its team."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kontor import programmes
from kontor.features.matching.models import Consortium, Seat
from kontor.features.matching.models.consortia import SeatRole
from kontor.features.organisations.models import Organisation, SizeClass
from kontor.programmes.rules.facts import country_of


@dataclass(frozen=True)
class Ground:
    """The programme or its variant, the instrument and the target product; empty where none is chosen."""

    programme: programmes.Programme | None = None
    instrument: programmes.Instrument | None = None
    product: programmes.Product | None = None

    @property
    def competences(self) -> tuple[programmes.Competence, ...]:
        return self.product.competences if self.product else ()

    @property
    def currency(self) -> str:
        return self.programme.currency if self.programme else "EUR"


def ground_of(consortium: Consortium) -> Ground:
    """From the frozen version once handed in, from the current one before; no query where it is loaded."""
    version = consortium.version
    if version is None:
        return Ground()
    try:
        programme = version.variant(consortium.definition or version.definition.key)
    except KeyError:
        programme = version.definition
    instrument = {one.key: one for one in programme.instruments}.get(consortium.instrument)
    product = {one.key: one for one in programme.products}.get(consortium.product)
    return Ground(programme, instrument, product)


def partner_of(
    key: str,
    organisation: Organisation,
    *,
    name: str = "",
    anonymous: bool = False,
    clusters: Iterable[str] | None = None,
) -> programmes.Partner:
    """What the rules may know of an organisation. Of an anonymous one country, kind and size alone: a
    region or a number would give it away.
    """
    size = None if organisation.size == SizeClass.UNKNOWN else organisation.size
    coded = programmes.Partner(
        key, name, country=organisation.country or None, kind=organisation.kind or None, size=size
    )
    if anonymous:
        return coded
    numbers = (organisation.vat, organisation.register_number, organisation.pic)
    nuts = organisation.nuts3
    fits = bool(nuts) and country_of(nuts) == organisation.country
    return replace(
        coded,
        nuts=nuts if fits else None,
        nuts_version=organisation.nuts_version or "2024",
        clusters=tuple(clusters) if clusters is not None else None,
        identifiers=tuple(number for number in numbers if number) or None,
    )


def team_of(
    consortium: Consortium,
    seats: Iterable[Seat],
    names: Mapping[str, str],
    clusters: Mapping[int, list[str]],
) -> programmes.Team:
    """The seats that count, as the rules see them; `names` by seat key, as are the partners' keys."""
    partners = []
    leads = 0
    for seat in seats:
        if not seat.counts or seat.organisation is None or seat.role == SeatRole.ASSOCIATED:
            continue
        partner = partner_of(
            seat.key,
            seat.organisation,
            name=names.get(seat.key, ""),
            anonymous=seat.anonymous,
            clusters=clusters.get(seat.organisation_id or 0, []),
        )
        lead = seat.role == SeatRole.LEAD and not leads
        leads += lead
        partners.append(
            replace(
                partner,
                lead=lead,
                cost=seat.cost,
                grant=seat.grant,
                led_before=seat.facts.get("led_before"),
                new=seat.facts.get("new"),
                in_difficulty=seat.facts.get("in_difficulty"),
            )
        )
    return programmes.Team(
        partners=tuple(partners),
        themes=_themes(consortium),
        kets=tuple(consortium.kets) or None,
        months=consortium.months,
    )


def _themes(consortium: Consortium) -> tuple[str, ...] | None:
    """Those chosen, else the theme of the target product; None where nothing is known."""
    ground = ground_of(consortium)
    known = {theme.key for theme in ground.programme.themes} if ground.programme else set()
    chosen = tuple(theme for theme in consortium.themes if theme in known)
    if chosen or ground.product is None:
        return chosen or None
    return (ground.product.theme,)
