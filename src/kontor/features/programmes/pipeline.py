"""How far each target product of a programme has come."""

from __future__ import annotations

from dataclasses import dataclass

from kontor import programmes
from kontor.features.programmes.models import ProductStage, ProductStep, Programme


@dataclass(frozen=True)
class ProductRow:
    """A target product with its steps, the latest first."""

    product: programmes.Product
    theme: programmes.Theme
    steps: tuple[ProductStep, ...]

    @property
    def stage(self) -> ProductStage:
        return ProductStage(self.steps[0].stage) if self.steps else ProductStage.IDEA


@dataclass(frozen=True)
class StageColumn:
    stage: ProductStage
    rows: tuple[ProductRow, ...]


def products_of(programme: Programme, definition: programmes.Programme, theme: str = "") -> list[ProductRow]:
    """In the order of the file; one query."""
    steps: dict[str, list[ProductStep]] = {}
    for step in programme.product_steps.all():
        steps.setdefault(step.product, []).append(step)
    return [
        ProductRow(product, definition.theme(product.theme), tuple(steps.get(product.key, ())))
        for product in definition.products
        if theme in ("", product.theme)
    ]


def columns_of(rows: list[ProductRow]) -> tuple[StageColumn, ...]:
    """One column for each stage, empty ones too."""
    return tuple(
        StageColumn(stage, tuple(row for row in rows if row.stage == stage)) for stage in ProductStage
    )
