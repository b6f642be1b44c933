"""Addresses of applications, below /calls/. They stand before those of single calls: no call has the key
`applications`.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from kontor.features.calls.writing.views import (
    files,
    handing_in,
    lists,
    overview,
    partners,
    saving,
    section,
    versions,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *lists.urlpatterns,
    *section.urlpatterns,
    *saving.urlpatterns,
    *partners.urlpatterns,
    *files.urlpatterns,
    *versions.urlpatterns,
    *handing_in.urlpatterns,
    *overview.urlpatterns,
]
