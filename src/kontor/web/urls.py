"""Root of every address."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from kontor.web import design, views
from kontor.web.api import api
from kontor.web.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.start, name="start"),
    path("language/", views.language, name="language"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("theme/", views.theme, name="theme"),
    path("design/", design.design, name="design"),
    path("health/", health, name="health"),
    path("api/v1/", api.urls),
    path("", include("kontor.base.urls")),
    path("", include("kontor.features.accounts.urls")),
    path("account/second-factor/", include("kontor.features.accounts.second_factor_urls")),
    path("", include("kontor.features.organisations.urls")),
    path("", include("kontor.features.programmes.urls")),
    path("", include("kontor.features.matching.urls")),
    path("", include("kontor.features.decisions.urls")),
    path("", include("kontor.features.calls.urls")),
    path("", include("kontor.features.juries.urls")),
]

handler400 = "kontor.web.failures.bad_request"
handler403 = "kontor.web.failures.permission_denied"
handler404 = "kontor.web.failures.not_found"
handler500 = "kontor.web.failures.server_error"
