"""A small form with a field of every kind."""

from __future__ import annotations

from kontor.programmes.forms import Form
from kontor.programmes.read import check

HEAD = """schema = 1
key = "small"
version = "1"
languages = ["en"]
name = { en = "Small" }
summary = { en = "Small." }
"""
FORM = """
[[form]]
key = "asks"
version = "7"

[[form.section]]
key = "idea"
title = { en = "Idea" }

[[form.section.field]]
key = "title"
kind = "text"
required = true
characters = 10
fills = "title"
label = { en = "Title" }
rule = { en = "Article 3: a title of one line." }

[[form.section.field]]
key = "summary"
kind = "paragraph"
required = true
words = 4
languages = ["de", "nl"]
label = { en = "Summary" }

[[form.section.field]]
key = "aided"
kind = "yes-no"
label = { en = "Aided" }

[[form.section.field]]
key = "aid"
kind = "table"
least = 1
most = 2
label = { en = "Aid" }
shown_when = { field = "aided", values = ["yes"] }

[[form.section.field.column]]
key = "who"
required = true
label = { en = "Who" }

[[form.section.field.column]]
key = "amount"
kind = "money"
label = { en = "Amount" }

[[form.section.field]]
key = "papers"
kind = "file"
most = 1
accept = ["pdf"]
most_megabytes = 1
label = { en = "Papers" }

[[form.section]]
key = "money"
step = 2
title = { en = "Money" }

[[form.section.field]]
key = "start"
kind = "date"
label = { en = "Start" }

[[form.section.field]]
key = "months"
kind = "number"
lowest = 6
highest = 24
fills = "months"
label = { en = "Months" }

[[form.section.field]]
key = "budget"
kind = "budget"
required = true
label = { en = "Budget" }

[[form.section.field.column]]
key = "staff"
kind = "money"
label = { en = "Staff" }
"""


def small_form() -> Form:
    programme, problems = check((HEAD + FORM).encode())
    assert problems == []
    assert programme is not None
    return programme.form("asks")
