"""Target products: a board of stages, and each product with its way so far."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.permissions import PUBLIC, allowed, policy, require
from kontor.features.programmes import actions
from kontor.features.programmes.models import ProductStage
from kontor.features.programmes.pipeline import columns_of, products_of
from kontor.features.programmes.queries import programme_for, published
from kontor.features.programmes.rules import may_edit
from kontor.features.programmes.tabs import tabs_of


@require_safe
@policy(PUBLIC)
def products(request: HttpRequest, key: str) -> HttpResponse:
    """The board; `?theme=` narrows it."""
    programme = programme_for(request.user, key)
    definition = published(programme).definition
    theme = request.GET.get("theme", "")[:60]
    rows = products_of(programme, definition, theme)
    context = {
        "programme": programme,
        "definition": definition,
        "columns": columns_of(rows),
        "rows": rows,
        "theme": theme,
        "stages": ProductStage.choices,
        "may_move": allowed(request, may_edit, programme),
        "tabs": tabs_of(request.user, programme, definition, "products"),
    }
    return render(request, "programmes/products.html", context)


@require_safe
@policy(PUBLIC)
def product(request: HttpRequest, key: str, product: str) -> HttpResponse:
    """What the product takes, and how it came so far; what showed each step is for those who steer it."""
    programme = programme_for(request.user, key)
    definition = published(programme).definition
    row = next((one for one in products_of(programme, definition) if one.product.key == product), None)
    if row is None:
        raise Http404
    context = {
        "programme": programme,
        "row": row,
        "stages": ProductStage.choices,
        "may_move": allowed(request, may_edit, programme),
    }
    return render(request, "programmes/product.html", context)


@require_POST
@policy(may_edit)
def move(request: HttpRequest, key: str, product: str) -> HttpResponse:
    """Note a stage; moving back is another step."""
    programme = programme_for(request.user, key)
    require(request, may_edit, programme)
    step = actions.move_product(
        programme=programme,
        product=product,
        stage=request.POST.get("stage", ""),
        note=request.POST.get("note", ""),
        actor=actor_of(request),
    )
    messages.success(request, _("The product stands at “%(stage)s”.") % {"stage": step.get_stage_display()})
    return redirect("programmes:product", programme.key, product)


urlpatterns = [
    path("<slug:key>/products/", products, name="products"),
    path("<slug:key>/products/<slug:product>/", product, name="product"),
    path("<slug:key>/products/<slug:product>/move/", move, name="product-move"),
]
