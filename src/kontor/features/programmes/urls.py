"""Addresses of programmes."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from kontor.features.programmes.views import (
    catalogue,
    editor,
    eligibility,
    matrix,
    money,
    products,
    results,
    versions,
)

app_name = "programmes"
urlpatterns: list[URLPattern | URLResolver] = [
    path("programmes/", include(editor.urlpatterns)),
    path("programmes/", include(catalogue.urlpatterns)),
    path("programmes/", include(versions.urlpatterns)),
    path("programmes/", include(money.urlpatterns)),
    path("programmes/", include(eligibility.urlpatterns)),
    path("programmes/", include(matrix.urlpatterns)),
    path("programmes/", include(products.urlpatterns)),
    path("programmes/", include(results.urlpatterns)),
]
