"""Addresses of the matchmaker."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from kontor.features.matching import views

app_name = "matching"
urlpatterns: list[URLPattern | URLResolver] = [
    path("matches/", views.search, name="search"),
    path("matches/compare/", views.compare, name="compare"),
    path("matches/products/", views.products, name="products"),
    path("", include("kontor.features.matching.suggestions.urls")),
    path("", include("kontor.features.matching.weights.urls")),
    path("matches/saved/", views.saved_list, name="saved"),
    path("matches/save/", views.save, name="save"),
    path("matches/saved/<str:key>/", views.saved_detail, name="saved-detail"),
    path("matches/saved/<str:key>/change/", views.saved_change, name="saved-change"),
    path("", include("kontor.features.matching.introductions.urls")),
    path("", include("kontor.features.matching.consortia.urls")),
]
