"""A question survives the way through an address, a saved row and the form."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from kontor.features.matching.ask import Ask
from kontor.features.matching.forms import SearchForm

# the form shows the weights in force, which are rows once some were learned
pytestmark = pytest.mark.django_db

text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60).map(str.strip)
asks = st.builds(
    Ask,
    text=text,
    kind=st.sampled_from(["need", "offer", "idea", "challenge"]),
    origin=st.sampled_from(["", "NL", "DE"]),
    across=st.booleans(),
    countries=st.lists(st.sampled_from(["DE", "FR", "IT"]), unique=True).map(tuple),
    sme=st.booleans(),
    trl_min=st.sampled_from([None, 1, 4]),
    trl_max=st.sampled_from([None, 5, 9]),
    area=st.lists(st.sampled_from(["NL22", "DEA"]), unique=True).map(tuple),
    codes=st.sampled_from([(), ("nace:28.11",), ("cpv:09300000", "nace:28.11")]),
    excluded=st.lists(st.sampled_from(["abc", "def"]), unique=True).map(tuple),
    weights=st.sampled_from([{}, {"border": 3.0}, {"fit": 8.0, "novelty": 0.0}]),
)


@given(asks)
def test_address_and_form_give_the_question_back(ask: Ask) -> None:
    form = SearchForm(QueryDict(ask.query_string()))
    assert form.is_valid(), form.errors
    assert form.ask() == ask


@given(asks)
def test_a_saved_row_gives_the_question_back(ask: Ask) -> None:
    assert Ask.from_dict(json.loads(json.dumps(ask.as_dict()))) == ask


def test_names_of_a_newer_version_are_left_out() -> None:
    row: dict[str, Any] = {"text": "heat", "from_the_future": 1}
    assert Ask.from_dict(row) == Ask(text="heat")


def test_without_takes_one_value_out() -> None:
    ask = Ask(text="heat", countries=("DE", "FR"), sme=True)
    assert ask.without("countries", "DE").countries == ("FR",)
    assert ask.without("sme").sme is False


def test_sliders_nobody_moved_send_the_usual_weights() -> None:
    form = SearchForm(QueryDict("q=heat"))
    shown = {bound.html_name: re.findall(r'value="([\d.]+)"', str(bound)) for bound in form.weights}
    sent = SearchForm(
        QueryDict(urlencode({"q": "heat", **{name: value for name, (value,) in shown.items()}}))
    )
    assert sent.is_valid()
    assert sent.ask().weights == {}
