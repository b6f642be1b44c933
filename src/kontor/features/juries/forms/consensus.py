"""The form of a consensus report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kontor.features.juries.marking import Scale
from kontor.features.juries.wording import spoken


class ConsensusForm(forms.Form):
    """One field per criterion, the report and the words for the applicants."""

    def __init__(self, *args: Any, scale: Scale, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scale = scale
        for each in scale.criteria:
            steps = [(step.value, step.label) for step in scale.steps(each, spoken())]
            label = each.name.best(spoken())
            if scale.in_words:
                self.fields[f"mark:{each.key}"] = forms.ChoiceField(label=label, choices=steps)
            else:
                self.fields[f"mark:{each.key}"] = forms.DecimalField(
                    label=label,
                    min_value=scale.assessment.lowest,
                    max_value=scale.assessment.highest,
                    decimal_places=2,
                    widget=forms.NumberInput(attrs={"step": "0.25"}),
                )
        self.fields["text"] = forms.CharField(
            label=_("Report"),
            widget=forms.Textarea(attrs={"rows": 6}),
            max_length=10_000,
            help_text=_("How the assessors came together; only the jury reads it."),
        )
        self.fields["comment"] = forms.CharField(
            label=_("Words for the applicants"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 5}),
            max_length=10_000,
            help_text=_("They replace the words of the single assessors in the letter."),
        )
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of these words"),
            choices=(("en", "English"), ("de", "Deutsch"), ("nl", "Nederlands")),
        )
        self.fields["revision"] = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def marks(self) -> dict[str, str]:
        return {key: str(self.cleaned_data[f"mark:{key}"]) for key in self.scale.keys}
