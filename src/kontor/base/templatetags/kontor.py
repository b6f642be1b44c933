"""The design system as template tags: `{% load kontor %}`. Each tag is shown, with its source, on /design/.

Words come translated: `{% badge _("public") kind="good" %}`. Block tags take their content as it is:

    {% notice kind="warn" title=_("Two rows were refused") %}<p>…</p>{% endnotice %}
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Literal

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe

from kontor.base.components import charts, dates, forms, icons, maps
from kontor.base.erasure import in_words

register = template.Library()

BADGE_KINDS = frozenset({"good", "warn", "bad", "info", "neutral"})
NOTICE_KINDS = frozenset({"good", "warn", "bad", "info"})


def _part(part: str, /, **context: Any) -> SafeString:
    return mark_safe(render_to_string(f"kontor/components/{part}.html", context))  # noqa: S308  # from a template


def _known(kind: str, kinds: frozenset[str]) -> str:
    if kind not in kinds:
        raise ValueError(f"kind {kind!r} is none of {', '.join(sorted(kinds))}")
    return kind


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A line icon of `components.icons.PATHS`. Give `label` only where no word stands beside it."""
    return icons.icon(name, label)


@register.simple_tag
def badge(text: object, kind: str = "neutral", icon: str = "") -> SafeString:
    """A state in a word with its icon. Kinds: good, warn, bad, info, neutral."""
    return _part("badge", text=text, kind=_known(kind, BADGE_KINDS), icon=icon or kind)


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: object = "") -> SafeString:
    """A paragraph that must not be overlooked. Kinds: good, warn, bad, info."""
    return _part("notice", content=content, kind=_known(kind, NOTICE_KINDS), title=title)


@register.filter
def who(label: str) -> str:
    """The name in a log; in words where its person is erased."""
    return in_words(str(label))


@register.simple_block_tag
def empty_state(content: str, title: object, icon: str = "inbox", level: int = 2) -> SafeString:
    """What a list shows when it has no rows: why, and in the content what to do next."""
    return _part("empty_state", content=content, title=title, icon=icon, level=level)


@register.simple_block_tag
def page_head(content: str, title: object, lead: object = "", state: object = "") -> SafeString:
    """The page's h1. The content holds its actions, the main one first; `state` holds badges."""
    return _part("page_head", content=content, title=title, lead=lead, state=state)


@register.simple_block_tag
def card(content: str, title: object = "", href: str = "", level: int = 3) -> SafeString:
    """A surface with one thing on it. `level` is the rank of its heading."""
    return _part("card", content=content, title=title, href=href, level=level)


@register.simple_block_tag
def dialog(content: str, name: str, title: object) -> SafeString:
    """A modal question. Opened by a link `<a href="/page-for-those-without-script/" data-dialog="name">`."""
    return _part("dialog", content=content, name=name, title=title)


@register.inclusion_tag("kontor/components/breadcrumb.html")
def breadcrumb(*labels_and_links: object) -> dict[str, Any]:
    """The pages above this one: `{% breadcrumb _("Directory") list_url _("Import") import_url %}`."""
    pairs = zip(labels_and_links[::2], labels_and_links[1::2], strict=True)
    return {"steps": [{"label": label, "href": href} for label, href in pairs]}


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """One field of a form with its label, hint, error and control, joined by aria-describedby."""
    return bound.as_field_group()


@register.inclusion_tag("kontor/components/error_summary.html")
def error_summary(form: BaseForm, more: Iterable[BaseForm] = ()) -> dict[str, Any]:
    """All errors of a form, each a link to its field; `{{ form }}` has them already. `more` are small forms
    on the same page, one for each row.
    """
    bound = [one for one in (form, *more) if one.is_bound]
    return {"problems": [problem for one in bound for problem in forms.problems_of(one)]}


@register.inclusion_tag("kontor/components/sort_head.html", takes_context=True)
def sort_head(context: Context, name: str, label: object, numeric: bool = False) -> dict[str, Any]:
    """A `<th>` whose link sorts by `name`: `?sort=name`, and `?sort=-name` when it is sorted so already."""
    query = context["request"].GET.copy()
    now = query.get("sort", "")
    query["sort"] = f"-{name}" if now == name else name
    query.pop("page", None)
    order = {name: "ascending", f"-{name}": "descending"}.get(now, "")
    return {"label": label, "href": f"?{query.urlencode()}", "order": order, "numeric": numeric}


@register.inclusion_tag("kontor/components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any]) -> dict[str, Any]:
    """Links to the other pages of a list; keeps the rest of the address."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    prefix = f"?{query.urlencode()}&page=" if query else "?page="
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {"page": page, "numbers": list(numbers), "prefix": prefix}


@register.inclusion_tag("kontor/components/chips.html")
def filter_chips(chips: Iterable[Any], clear_href: str = "") -> dict[str, Any]:
    """The filters in force, each a link that takes it away; see `components.filters.chips_of`."""
    return {"chips": list(chips), "clear_href": clear_href}


@register.inclusion_tag("kontor/components/tabs.html")
def tabs(items: Iterable[Any], label: object) -> dict[str, Any]:
    """Links between the views of one thing. Items have `label`, `href`, `current` and perhaps `count`."""
    return {"items": list(items), "label": label}


@register.inclusion_tag("kontor/components/facts.html")
def facts(rows: Iterable[Any]) -> dict[str, Any]:
    """What is known of a thing: pairs of label and value. Pairs without a value are left out."""
    return {"rows": [(label, value) for label, value in rows if value not in (None, "")]}


@register.inclusion_tag("kontor/components/check_answers.html")
def check_answers(rows: Iterable[Any]) -> dict[str, Any]:
    """ "Check your answers": rows of `label`, `value` and `href`, the page where the answer is changed."""
    return {"rows": list(rows)}


@register.inclusion_tag("kontor/components/timeline.html")
def timeline(events: Iterable[Any]) -> dict[str, Any]:
    """What happened, latest first. Events have `at`, `text`, and perhaps `who` and `href`."""
    return {"events": list(events)}


@register.inclusion_tag("kontor/components/progress.html")
def progress(
    done: int, total: int, step: object = "", poll: str = "", cancel: str = "", left: object = ""
) -> dict[str, Any]:
    """Long work. `poll` is the address that answers this component anew; it is asked every two seconds."""
    share = min(100, done * 100 // total) if total else None
    state = {"done": done, "total": total, "share": share, "step": step, "left": left}
    return {**state, "poll": poll, "cancel": cancel}


@register.inclusion_tag("kontor/components/meter.html")
def meter(
    value: float, label: object, maximum: float = 1, text: object = "", kind: str = "value"
) -> dict[str, Any]:
    """A bar with its figure beside it. `text` replaces the bare `value`, as in "12 of 40"."""
    return {"label": label, "width": _percent(value, maximum), "text": text or value, "kind": kind}


@register.inclusion_tag("kontor/components/score.html")
def score_parts(parts: Iterable[Any], total: float, maximum: float = 100) -> dict[str, Any]:
    """A match's score made visible: parts have `label`, `value` and `maximum` in points of `total`."""
    rows = [(part, _percent(part.value, part.maximum)) for part in parts]
    return {"rows": rows, "total": total, "maximum": maximum}


def _percent(value: float, maximum: float) -> str:
    """Width of a bar, 0 to 100 with one decimal, and a point in every language."""
    share = max(0.0, min(1.0, value / maximum)) if maximum else 0.0
    return f"{share * 100:.1f}%"


@register.filter
def number(value: float | Literal[""] | None) -> str:
    """A figure with grouped digits in the reader's language, a dash for None: `{{ count|number }}`.

    A dash also for "": that is what a template makes of a key its dictionary does not have.
    """
    return charts.figure(None if value == "" else value)


@register.filter
def amount(value: Decimal | None) -> str:
    """Money exact to the cent, grouped in the reader's language; whole amounts without cents, a dash for
    None: `{{ row.turnover|amount }}` in a column that names the currency.
    """
    if value is None:
        return "–"
    whole = value == value.to_integral_value()
    return str(number_format(value, decimal_pos=0 if whole else 2, force_grouping=True))


@register.filter
def day(value: dt.date | None) -> str:
    """A day in words inside `<time>`, a dash for None: `{{ confirmed_at|day }}`."""
    return dates.day(value)


@register.filter
def day_text(value: dt.date | None) -> str:
    """The same where no markup may stand, as in a mail or inside a sentence: `{{ deadline_on|day_text }}`."""
    return dates.day_text(value)


@register.filter
def euro(value: Decimal | None) -> str:
    """Money to the cent with its currency on the same line, digits grouped as the reader's language does:
    `{{ amount|euro }}`.
    """
    return "–" if value is None else f"{number_format(value, decimal_pos=2, force_grouping=True)}\u00a0EUR"


@register.filter
def moment(value: dt.datetime | None) -> str:
    """A day, a time and its zone inside `<time>`, a dash for None: `{{ changed_at|moment }}`."""
    return dates.moment(value)


@register.inclusion_tag("kontor/components/chart.html")
def chart(chart: charts.Chart) -> dict[str, Any]:
    """A chart with title, unit, source, date, table twin and exports; see `components.charts.Chart`."""
    return {"chart": chart, "drawing": charts.draw(chart), "ident": _ident(chart.title)}


@register.inclusion_tag("kontor/components/map.html")
def area_map(plan: maps.AreaMap) -> dict[str, Any]:
    """A map with legend and table twin; see `components.maps.AreaMap`. The script adds zoom and panning."""
    return {
        "plan": plan,
        "box": " ".join(f"{side:g}" for side in plan.view),
        "shapes": maps.shapes_of(plan),
        "circles": maps.circles_of(plan),
        "legend": maps.legend_of(plan),
        "rows": maps.rows_of(plan),
        "ident": _ident(plan.title),
    }


def _ident(title: str) -> str:
    """An id for a picture that stays the same from one answer to the next."""
    return f"picture-{zlib.crc32(title.encode()):08x}"
