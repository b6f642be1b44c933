from __future__ import annotations

import re

import pytest
from django import forms

from kontor.base.components.forms import Problem, problems_of


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="As in the register.")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    note = forms.CharField(label="Note", required=False)
    agreed = forms.BooleanField(label="Agreed")
    token = forms.CharField(widget=forms.HiddenInput, initial="t")

    def clean(self) -> None:
        raise forms.ValidationError("These do not go together.")


BROKEN = Sample({"name": "", "note": "<script>", "token": "t"})


def test_the_summary_leads_to_each_control_in_order() -> None:
    assert problems_of(BROKEN) == (
        Problem("These do not go together.", ""),
        Problem("Name: This field is required.", "#id_name"),
        Problem("Kind: This field is required.", "#id_kind_0"),
        Problem("Agreed: This field is required.", "#id_agreed"),
    )
    ids = set(re.findall(r' id="([^"]+)"', str(BROKEN)))
    assert {problem.href[1:] for problem in problems_of(BROKEN) if problem.href} <= ids


def test_the_control_names_its_hint_and_its_error() -> None:
    page = str(BROKEN["name"].as_field_group())
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'aria-invalid="true"' in page
    assert 'id="id_name_helptext"' in page
    assert 'id="id_name_error"' in page


def test_every_described_id_is_on_the_page() -> None:
    page = str(BROKEN)
    named = {name for group in re.findall(r'aria-describedby="([^"]+)"', page) for name in group.split()}
    assert named <= set(re.findall(r' id="([^"]+)"', page))


def test_a_group_of_choices_has_a_legend() -> None:
    assert re.search(r"<fieldset[^>]*>\s*<legend>Kind</legend>", str(BROKEN["kind"].as_field_group()))


def test_optional_fields_say_so_and_values_are_escaped() -> None:
    page = str(BROKEN["note"].as_field_group())
    assert "(optional)" in page
    assert "<script>" not in page
    assert "(optional)" not in str(BROKEN["name"].as_field_group())


@pytest.mark.parametrize("form", [Sample(), Sample(prefix="second")])
def test_a_fresh_form_has_no_summary_and_keeps_hidden_fields(form: Sample) -> None:
    assert "error-summary" not in str(form)
    assert 'type="hidden"' in str(form)
