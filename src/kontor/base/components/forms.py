"""How Django forms are drawn: `{{ form }}` and `{% field form.name %}` give the GOV.UK pattern."""

from __future__ import annotations

from dataclasses import dataclass

from django.forms import BaseForm, BoundField
from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """Set as FORM_RENDERER. Widgets stay Django's own; what is around them is Kontor's."""

    form_template_name = "kontor/forms/form.html"
    formset_template_name = "django/forms/formsets/div.html"
    field_template_name = "kontor/forms/field.html"


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of the error summary. `href` leads to the control to mend; empty for the whole form."""

    text: str
    href: str


def problems_of(form: BaseForm) -> tuple[Problem, ...]:
    """Every error of a bound form: those of the whole form first, then field by field in the page's order."""
    whole = [Problem(str(text), "") for text in form.non_field_errors()]
    single = [
        Problem(f"{field.label}: {text}", f"#{focus_id(field)}") for field in form for text in field.errors
    ]
    return (*whole, *single)


def focus_id(field: BoundField) -> str:
    """Id of the element that takes the focus: the control, or the first choice of a group of them."""
    if field.use_fieldset and field.field.widget.input_type in {"radio", "checkbox"}:
        return f"{field.auto_id}_0"
    return str(field.id_for_label or field.auto_id)
