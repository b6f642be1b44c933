"""The design system on one page: every component from fixed examples, with the source that draws it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kontor.base.components import maps
from kontor.base.components.charts import Chart, Series
from kontor.base.components.filters import Chip
from kontor.base.components.maps import Area, AreaMap, Point
from kontor.base.permissions import PUBLIC, policy
from kontor.codes import outline
from kontor.web.context import THEMES, theme_of

LONGEST = (
    "Forschungs- und Entwicklungsgesellschaft für Energiespeichertechnologie und Wasserstoffanwendungen "
    "Nordrhein-Westfalen mbH & Co. Kommanditgesellschaft"
)


@dataclass(frozen=True, slots=True)
class Example:
    """One part of the page: its template is `kontor/design/<key>.html`."""

    key: str
    title: object
    purpose: object

    @property
    def template(self) -> str:
        return f"kontor/design/{self.key}.html"

    @property
    def source(self) -> str:
        template: Any = get_template(self.template)
        return str(template.template.source).strip()


EXAMPLES = (
    Example(
        "type", _("Type and colour"), _("Five sizes on a grid of 4 px, one accent, three signal colours.")
    ),
    Example("buttons", _("Buttons"), _("One main action for each page; danger names what is lost.")),
    Example("badges", _("Badges"), _("A state in a word, with an icon: colour never speaks alone.")),
    Example(
        "notices",
        _("Notices and toasts"),
        _("A notice belongs to the page, a toast tells what just happened."),
    ),
    Example("cards", _("Cards"), _("One thing each: an organisation, a match with the parts of its score.")),
    Example("table", _("Tables"), _("Sorted by links, figures at the right, rows become cards on a phone.")),
    Example("lists", _("Filters, tabs and pages"), _("What narrows a list shows in the address.")),
    Example("empty", _("Empty states"), _("Why there is nothing, and what to do next.")),
    Example("forms", _("Forms"), _("Label, hint, error, control; the summary on top leads to each field.")),
    Example("answers", _("Check your answers"), _("The last step before something is sent.")),
    Example("facts", _("Facts and time line"), _("What is known of a thing, and what happened to it.")),
    Example("progress", _("Progress and meters"), _("What is being done, what is left, and how to stop it.")),
    Example(
        "dialog", _("Dialogs"), _("A question in between; without a script the same link leads to a page.")
    ),
    Example("charts", _("Charts"), _("Title, unit, source and date; the figures as a table; three exports.")),
    Example("map", _("Map"), _("Countries and places without a tile server; zoom comes with the script.")),
)


class ExampleForm(forms.Form):
    """Each kind of field that Kontor uses."""

    name = forms.CharField(
        label=_("Name of the organisation"), help_text=_("As in the register of companies.")
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("firm", _("firm")), ("research", _("research institute")), ("public", _("public body"))],
        widget=forms.RadioSelect,
    )
    country = forms.ChoiceField(
        label=_("Country"), choices=[("", "–"), ("DE", "Germany (DE)"), ("NL", "Netherlands (NL)")]
    )
    staff = forms.IntegerField(
        label=_("Staff"), required=False, min_value=0, help_text=_("Full-time equivalents.")
    )
    summary = forms.CharField(
        label=_("What do you offer?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Write in your own language."),
    )
    themes = forms.MultipleChoiceField(
        label=_("Themes"),
        required=False,
        choices=[("heat", "Heating and cooling"), ("storage", "Energy storage"), ("mobility", "Mobility")],
        widget=forms.CheckboxSelectMultiple,
    )
    codes = forms.CharField(
        label=_("NACE codes"),
        required=False,
        help_text=_("Separated by commas."),
        widget=forms.TextInput(attrs={"data-combobox": "/design/example-codes/", "data-multiple": ""}),
    )
    logo = forms.FileField(label=_("Logo"), required=False)
    consent = forms.BooleanField(label=_("The organisation agreed to be listed"))


@dataclass(frozen=True, slots=True)
class Part:
    label: str
    value: float
    maximum: float


PARTS = (
    Part("Need and offer", 31, 40),
    Part("Both ways", 9, 15),
    Part("What is added", 11, 15),
    Part("Across the border", 10, 10),
    Part("Fresh and answering", 7, 10),
    Part("New to the network", 4, 10),
)
ROWS = (
    {
        "name": "Kiemstraal B.V.",
        "country": "Netherlands (NL)",
        "size": "small",
        "statements": 14,
        "share": 0.62,
    },
    {"name": LONGEST, "country": "Germany (DE)", "size": "medium", "statements": 3, "share": 0.08},
    {"name": "Ødegård", "country": "Denmark (DK)", "size": "micro", "statements": 1200, "share": 0.3},
)
EVENTS = (
    {
        "at": dt.datetime(2027, 3, 3, 9, 30, tzinfo=dt.UTC),
        "who": "Anke Brandt",
        "text": "Introduced to Kiemstraal B.V.",
    },
    {
        "at": dt.datetime(2027, 2, 11, 14, 5, tzinfo=dt.UTC),
        "who": "Import",
        "text": "Statement confirmed by mail link",
    },
    {
        "at": dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC),
        "who": "Jan de Vries",
        "text": "Organisation added",
    },
)
COUNTRIES = ("Germany", "Netherlands", "Denmark", "Slovenia", "Italy")
BARS = Chart(
    "bars",
    title="Organisations by country",
    unit="number of organisations",
    source="sample directory",
    as_of=dt.date(2027, 3, 3),
    categories=COUNTRIES,
    series=(Series("Organisations", (84, 61, 33, 9, 0)),),
    category_name="Country",
)
GROUPS = Chart(
    "bars",
    title="Offers and needs by theme",
    unit="number of statements",
    source="sample directory",
    as_of=dt.date(2027, 3, 3),
    categories=("Heating and cooling", "Energy storage", "Mobility"),
    series=(
        Series("Offers", (120, 82, 41)),
        Series("Needs", (74, 96, 12)),
        Series("Competences", (1210, 301, None)),
    ),
    category_name="Theme",
)
LINES = Chart(
    "lines",
    title="Introductions in each month",
    unit="number of introductions",
    source="sample directory",
    as_of=dt.date(2027, 3, 3),
    categories=("Sep 2026", "Oct 2026", "Nov 2026", "Dec 2026", "Jan 2027", "Feb 2027", "Mar 2027"),
    series=(
        Series("Across a border", (3, 8, 12, 9, 17, 24, 31)),
        Series("Inside a country", (9, 9, 7, 4, 8, 11, 10)),
    ),
    category_name="Month",
)
PLACES = (
    Point(*outline.project(51.98, 5.91), "Arnhem", 23, "#map"),
    Point(*outline.project(51.43, 6.76), "Duisburg", 41, "#map"),
    Point(*outline.project(53.55, 9.99), "Hamburg", 12, "#map"),
    Point(*outline.project(56.16, 10.2), "Aarhus", 1, "#map"),
    Point(*outline.project(46.06, 14.51), "Ljubljana", 9, "#map"),
)
COUNTED = {"NL": 61, "DE": 84, "DK": 33, "SI": 9, "BE": 2}


def _map() -> AreaMap:
    """Europe's outlines, closer where the sample places are."""
    whole = (0.0, 0.0, float(outline.WIDTH), float(outline.HEIGHT))
    return AreaMap(
        title="Organisations by country and place",
        unit="Organisations",
        source="sample directory",
        as_of=dt.date(2027, 3, 3),
        view=maps.around([(place.x, place.y) for place in PLACES], whole),
        areas=tuple(
            Area(code, code, path, COUNTED.get(code), "#map" if code in COUNTED else "")
            for code, path in outline.countries().items()
        ),
        points=PLACES,
    )


def _filled_form() -> ExampleForm:
    """A form that came back with problems."""
    return ExampleForm(
        {
            "name": "",
            "country": "DE",
            "staff": "a few",
            "kind": "",
            "summary": "Heat pumps for old houses",
            "codes": "27.12",
        }
    )


def _context(request: HttpRequest) -> dict[str, Any]:
    chosen = request.GET.get("theme", "")
    theme = chosen if chosen in THEMES else theme_of(request)
    return {
        "theme": theme,
        "theme_tabs": [
            {"label": label, "href": f"?theme={key}", "current": key == theme}
            for key, label in THEMES.items()
        ],
        "examples": EXAMPLES,
        "broken": _filled_form(),
        "parts": PARTS,
        "rows": ROWS,
        "events": EVENTS,
        "longest": LONGEST,
        "page": Paginator(range(10_000), 25).get_page(request.GET.get("page")),
        "chips": [Chip("Country", "Germany (DE)", "#lists"), Chip("Theme", "Energy storage", "#lists")],
        "tab_items": [
            {"label": "Profile", "href": "#lists", "current": True},
            {"label": "Statements", "href": "#facts", "count": 14},
            {"label": "Matches", "href": "#cards", "count": 120},
        ],
        "fact_rows": [
            ("Country", "Netherlands (NL)"),
            ("Region", "Arnhem/Nijmegen (NL226)"),
            ("VAT number", "NL 0001 2345 6B01"),
        ],
        "answer_rows": [
            {"label": "Name", "value": LONGEST, "href": "#forms"},
            {"label": "Country", "value": "Germany (DE)", "href": "#forms"},
            {"label": "Web site", "value": "", "href": "#forms"},
        ],
        "bars": BARS,
        "groups": GROUPS,
        "lines": LINES,
        "plan": _map(),
    }


@require_safe
@policy(PUBLIC)
def design(request: HttpRequest) -> HttpResponse:
    """Every component with its states, light with `?theme=light`, dark with `?theme=dark`."""
    return render(request, "kontor/design.html", _context(request))
