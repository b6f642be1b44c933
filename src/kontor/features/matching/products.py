"""Target products of published programmes as questions: what a product needs is what is looked for."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kontor.base.errors import KontorError
from kontor.engine.matching.model import Code, Competence
from kontor.features.programmes.models import ProgrammeVersion
from kontor.programmes import Product, Programme


@dataclass(frozen=True)
class Target:
    """A target product in its programme. `key` is `programme/product`, as it stands in addresses."""

    programme: Programme
    product: Product

    @property
    def key(self) -> str:
        return key_of(self.programme.key, self.product.key)

    @property
    def name(self) -> str:
        return self.product.name.best(get_language() or "en")

    @property
    def demand(self) -> str:
        return self.product.demand.best(get_language() or "en")

    @property
    def theme(self) -> str:
        return self.programme.theme(self.product.theme).name.best(get_language() or "en")

    @property
    def competences(self) -> list[str]:
        return [item.text.best(get_language() or "en") for item in self.product.competences]


def key_of(programme: str, product: str) -> str:
    return f"{programme}/{product}"


def current_versions(key: str = "") -> list[ProgrammeVersion]:
    """The version published last of each programme, or of the one with this key. One query."""
    of_same = ProgrammeVersion.objects.published().filter(programme=OuterRef("programme"))
    latest = of_same.order_by("-number").values("number")[:1]
    versions = ProgrammeVersion.objects.published().filter(
        programme__archived_at=None, number=Subquery(latest)
    )
    if key:
        versions = versions.filter(programme__key=key)
    return list(versions.select_related("programme").order_by("programme__key"))


def targets() -> dict[str, Target]:
    """Every target product of the programmes published now, by key."""
    found = [
        Target(version.definition, product)
        for version in current_versions()
        for product in version.definition.products
    ]
    return {target.key: target for target in found}


def target_of(key: str) -> Target:
    """Raises KontorError 404 for a product that no programme has."""
    programme, _slash, product = key.partition("/")
    for version in current_versions(programme) if programme else ():
        for each in version.definition.products:
            if each.key == product:
                return Target(version.definition, each)
    raise KontorError(
        _("No programme has this target product."),
        code="product-unknown",
        path="product",
        remedy=_("Choose one from the programme's list."),
        status=404,
    )


def competences_of(key: str) -> tuple[Competence, ...]:
    """What a product needs, in the first language of the programme; empty without a product."""
    if not key:
        return ()
    wanted = target_of(key).product.competences
    return tuple(
        Competence(
            text=item.text.best(language),
            language=language,
            codes=tuple(Code(scheme, code) for scheme, code in item.codes()),
        )
        for item in wanted
        for language in [next(iter(item.text), "en")]
    )
