"""Addresses of calls: words that are no key come first."""

from __future__ import annotations

from kontor.features.calls.announcing.views import asking, editing, questions, reading

urlpatterns = [
    *editing.urlpatterns[:1],
    *reading.urlpatterns,
    *asking.urlpatterns,
    *editing.urlpatterns[1:],
    *questions.urlpatterns,
]
