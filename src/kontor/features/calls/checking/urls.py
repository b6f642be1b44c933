"""Addresses of self-checks and of eligibility."""

from __future__ import annotations

from kontor.features.calls.checking.views import eligibility, self_check

urlpatterns = [*self_check.urlpatterns, *eligibility.urlpatterns]
