"""Sentences that keep their template, so that the site can say them in another language."""

from __future__ import annotations

import pickle

from kontor.programmes.messages import message

GERMAN = {"Give {wanted}.": "Erwartet wird {wanted}.", "a list like {example}": "eine Liste wie {example}"}


def test_a_message_is_english_and_can_be_said_otherwise() -> None:
    wanted = message("a list like {example}", example='["{a}", "b"]')
    said = message("Give {wanted}.", wanted=wanted)
    assert said == 'Give a list like ["{a}", "b"].'
    assert said.translated(lambda text: GERMAN[text]) == 'Erwartet wird eine Liste wie ["{a}", "b"].'
    assert said.translated(str) == said


def test_it_survives_being_stored() -> None:
    said = message("is {value}.", value="{x}")
    again = pickle.loads(pickle.dumps(said))
    assert (again, again.template, again.values) == (said, said.template, said.values)
