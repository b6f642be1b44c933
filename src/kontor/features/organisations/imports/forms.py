"""Forms of the import pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazystr
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kontor.features.organisations.imports.catalogue import label, part_names, plain_fields, target
from kontor.features.organisations.imports.columns import Guess
from kontor.features.organisations.imports.options import Options
from kontor.features.organisations.imports.tables import Table
from kontor.features.organisations.imports.tables.csvfile import shown
from kontor.features.organisations.imports.tables.encoding import SUPPORTED
from kontor.features.organisations.models import Listing


class UploadForm(forms.Form):
    """`clusters`: (key, name) of those the person may import into; an administrator may also choose none."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("CSV or XLSX, at most 150 MB and 500,000 rows."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        error_messages={
            "required": _("No file is chosen. Choose your member list."),
            "empty": _("The file is empty. Choose the file that holds the organisations."),
        },
    )
    cluster = forms.ChoiceField(
        label=_("Cluster"), help_text=_("The organisations in the file become members of it."), required=False
    )

    def __init__(
        self, *args: Any, clusters: list[tuple[str, str]], may_choose_none: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        none = [("", _("No cluster"))] if may_choose_none else []
        field = self.fields["cluster"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*none, *clusters]
        field.required = not may_choose_none


class ColumnsForm(forms.Form):
    """One select for each column of the file, and the choices for the whole file."""

    def __init__(
        self, *args: Any, table: Table, guesses: list[Guess], options: Options, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.guesses = guesses
        choices = _targets(options)
        for found in guesses:
            self.fields[f"column_{found.index}"] = forms.ChoiceField(
                label=found.header or found.letter,
                choices=choices,
                required=False,
                initial=options.columns.get(found.index, ""),
            )
        self._add_options(table, options)

    def _add_options(self, table: Table, options: Options) -> None:
        self.fields["listing"] = forms.ChoiceField(
            label=_("Visibility of new organisations"),
            choices=[(value, text) for value, text in Listing.choices if value != Listing.WITHDRAWN],
            initial=options.listing,
        )
        self.fields["clear_empty"] = forms.BooleanField(
            label=_("An empty cell empties the field"),
            help_text=_("Otherwise what is there stays."),
            required=False,
            initial=options.clear_empty,
        )
        if len(table.sheets) > 1:
            sheets = [(name, name) for name in table.sheets]
            self.fields["sheet"] = forms.ChoiceField(label=_("Sheet"), choices=sheets, initial=table.sheet)
        if table.kind == "csv":
            encodings = [(name, shown(name)) for name in SUPPORTED]
            self.fields["encoding"] = forms.ChoiceField(
                label=_("Encoding"),
                choices=encodings,
                initial=table.encoding,
                help_text=_("Change it where letters with accents read wrong below."),
            )

    def columns(self) -> list[tuple[Guess, forms.BoundField]]:
        return [(found, self[f"column_{found.index}"]) for found in self.guesses]

    def others(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if not name.startswith("column_")]

    def clean(self) -> dict[str, Any]:
        """A field taken for two columns is an error at the second."""
        values: dict[str, Any] = super().clean() or {}
        seen: dict[str, str] = {}
        for found in self.guesses:
            name = values.get(f"column_{found.index}", "")
            if name and name in seen:
                message = _("Column %(letter)s is taken for this already. Choose another field, or none.")
                self.add_error(f"column_{found.index}", message % {"letter": seen[name]})
            seen.setdefault(name, found.letter)
        return values

    def options(self, before: Options) -> Options:
        """The choices as the run stores them. Call after `is_valid`."""
        values = self.cleaned_data
        columns = {
            found.index: values[f"column_{found.index}"]
            for found in self.guesses
            if values.get(f"column_{found.index}")
        }
        return Options(
            columns=columns,
            language=before.language,
            listing=values["listing"],
            source=before.source,
            clear_empty=values["clear_empty"],
            sheet=values.get("sheet", ""),
            encoding=values.get("encoding", ""),
        )


def _targets(options: Options) -> list[tuple[str, Any]]:
    """Every field once, the first of each group, and whatever the guess or an earlier choice named beside."""
    names = list(plain_fields())
    for group in ("contact", "offer", "need", "competence"):
        names += [f"{group}_1"] if target(f"{group}_1") else []
        names += [f"{group}_1_{part}" for part in part_names(group)]
    names += [name for name in options.columns.values() if name not in names]
    language = get_language() or "en"
    described = [(name, lazystr(label(name, language))) for name in names]
    return [("", _("not imported")), *described]
