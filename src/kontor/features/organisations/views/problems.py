"""Errors of actions, shown at the field they belong to."""

from __future__ import annotations

from django import forms

from kontor.base.errors import KontorError


def show_at_field(form: forms.Form, error: KontorError) -> None:
    """Add the error to the form's field of the same name, else to the whole form."""
    form.add_error(error.path if error.path in form.fields else None, str(error))
