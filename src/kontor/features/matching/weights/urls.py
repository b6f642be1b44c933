"""Addresses of the learned weights."""

from __future__ import annotations

from django.urls import path

from kontor.features.matching.weights import views

urlpatterns = [
    path("matches/weights/", views.weights, name="weights"),
    path("matches/weights/learn/", views.learn, name="weights-learn"),
    path("matches/weights/switch/", views.switch, name="weights-switch"),
]
