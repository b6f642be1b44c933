"""Target products of programmes as questions: what a product needs is what the matchmaker looks for."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kontor.base.errors import KontorError
from kontor.engine.matching.model import Code, Competence
from kontor.programmes import Product, Programme, shipped


@dataclass(frozen=True)
class Target:
    """A target product in its programme. `key` is `programme/product`, as it stands in addresses."""

    programme: Programme
    product: Product

    @property
    def key(self) -> str:
        return f"{self.programme.key}/{self.product.key}"

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


@functools.cache
def targets() -> dict[str, Target]:
    """Every target product of the programmes in the library, by key."""
    found = [Target(programme, product) for programme in shipped().values() for product in programme.products]
    return {target.key: target for target in found}


def target_of(key: str) -> Target:
    """Raises KontorError 404 for a product that no programme has."""
    if key not in targets():
        raise KontorError(
            _("No programme has this target product."),
            code="product-unknown",
            path="product",
            remedy=_("Choose one from the programme's list."),
            status=404,
        )
    return targets()[key]


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
