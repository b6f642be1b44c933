from __future__ import annotations

from django import forms
from django.http import QueryDict

from kontor.base.components.filters import Chip, chips_of


class Filter(forms.Form):
    q = forms.CharField(required=False, label="Words")
    country = forms.MultipleChoiceField(
        required=False, label="Country", choices=[("DE", "Germany"), ("NL", "Netherlands")]
    )
    code = forms.ChoiceField(required=False, label="Code", choices=[("Energy", [("35", "Electricity")])])


def chips(address: str, **options: frozenset[str]) -> tuple[Chip, ...]:
    query = QueryDict(address)
    return chips_of(Filter(query), query, **options)


def test_each_value_is_a_chip_whose_link_takes_only_it_away() -> None:
    assert chips("q=heat&country=DE&country=NL&page=3&code=35") == (
        Chip("Words", "heat", "?country=DE&country=NL&code=35"),
        Chip("Country", "Germany", "?q=heat&country=NL&code=35"),
        Chip("Country", "Netherlands", "?q=heat&country=DE&code=35"),
        Chip("Code", "Electricity", "?q=heat&country=DE&country=NL"),
    )


def test_a_value_the_form_refuses_can_be_taken_away() -> None:
    assert chips("country=XX&q=a") == (Chip("Words", "a", "?country=XX"), Chip("Country", "XX", "?q=a"))


def test_empty_and_left_out_values_make_no_chip() -> None:
    assert chips("q=&country=DE", leave_out=frozenset({"country"})) == ()
