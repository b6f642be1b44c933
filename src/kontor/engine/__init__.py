"""Engines: pure computation on frozen dataclasses. No Django, no clock, no globals; the seed is passed in."""
