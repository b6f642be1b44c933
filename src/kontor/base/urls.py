"""Addresses of the base's pages; they hang under the site's root."""

from __future__ import annotations

from kontor.base.views import audit, jobs, links

app_name = "base"
urlpatterns = [*links.urlpatterns, *jobs.urlpatterns, *audit.urlpatterns]
