"""Addresses of the directory, gathered from the views by noun."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "organisations"
urlpatterns: list[URLPattern] = []
