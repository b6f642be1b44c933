"""Forms of consortia."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kontor import codes
from kontor.base.attachments import accepted_endings
from kontor.features.matching.consortia.actions.space import LONGEST_COMMENT
from kontor.features.matching.consortia.problem.facts import Ground
from kontor.features.matching.consortia.wording import language
from kontor.features.matching.introductions.actions.locking import LONGEST_WORDS
from kontor.features.matching.models import Consortium, Seat
from kontor.features.matching.models.consortia import ConsortiumState, SeatRole
from kontor.features.matching.models.states import NoReason
from kontor.features.matching.products import current_versions
from kontor.features.organisations.models import Organisation
from kontor.features.programmes.models import ProgrammeVersion

KNOWN = (("", _("not known yet")), ("yes", _("yes")), ("no", _("no")))


class DetailsForm(forms.Form):
    """What a consortium is about. One choice names programme, its variant and the instrument together."""

    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("In a few words: what shall be made?")
    )
    text = forms.CharField(
        label=_("Idea"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Invited partners read it. The matchmaker looks for partners by it."),
    )
    support = forms.ChoiceField(
        label=_("Programme and instrument"),
        required=False,
        help_text=_("Its rules become the lights of the board."),
    )
    product = forms.ChoiceField(
        label=_("Target product"),
        required=False,
        help_text=_("Of the same programme; the competences it needs are what the team must have."),
    )
    themes = forms.MultipleChoiceField(
        label=_("Themes of the programme"), required=False, widget=forms.CheckboxSelectMultiple
    )
    kets = forms.MultipleChoiceField(
        label=_("Key enabling technologies"), required=False, widget=forms.CheckboxSelectMultiple
    )
    months = forms.IntegerField(label=_("Duration in months"), required=False, min_value=1, max_value=120)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {version.programme.key: version for version in current_versions()}
        self._offer("support", [("", _("none yet")), *_supports(self.versions.values())])
        self._offer("product", [("", _("none: a free idea")), *_products(self.versions.values())])
        self._offer("themes", list(_themes(self.versions.values(), self._programme())))
        kets = [(code, str(codes.label("ket", code, language()))) for code in codes.scheme("ket").codes()]
        self._offer("kets", sorted(kets, key=lambda pair: pair[1]))

    def _programme(self) -> str:
        chosen = (self.data or self.initial).get("support") or ""
        return str(chosen).partition("|")[0]

    def _offer(self, name: str, choices: Sequence[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]
        if name == "themes" and not choices:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        programme = str(data.get("support") or "").partition("|")[0]
        of_product = str(data.get("product") or "").partition("/")[0]
        if programme and of_product and programme != of_product:
            self.add_error("product", _("This product is of another programme than the instrument."))
        return data

    def values(self) -> dict[str, Any]:
        """As the actions take them."""
        data = self.cleaned_data
        programme, definition, instrument = [*str(data["support"]).split("|"), "", ""][:3]
        of_product, _slash, product = str(data["product"]).partition("/")
        version = self.versions.get(programme or of_product)
        return {
            "title": data["title"],
            "text": data["text"],
            "programme": version.programme if version else None,
            "definition": definition,
            "instrument": instrument,
            "product": product,
            "themes": data.get("themes", []),
            "kets": data["kets"],
            "months": data["months"],
        }


class NewForm(DetailsForm):
    lead = forms.ChoiceField(label=_("Who composes?"), help_text=_("Its people may change the board."))
    lead_sits = forms.BooleanField(label=_("It is also a partner of the team"), required=False, initial=True)
    field_order = ["title", "text", "lead", "lead_sits", "support", "product"]

    def __init__(self, *args: Any, leads: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("lead", [(row.key, row.name) for row in leads])


def details_initial(consortium: Consortium) -> dict[str, Any]:
    """The form's values for a consortium that is there."""
    programme = consortium.programme.key if consortium.programme else ""
    support = f"{programme}|{consortium.definition}|{consortium.instrument}" if programme else ""
    return {
        "title": consortium.title,
        "text": consortium.text,
        "support": support,
        "product": f"{programme}/{consortium.product}" if consortium.product else "",
        "themes": consortium.themes,
        "kets": consortium.kets,
        "months": consortium.months,
        "revision": consortium.details_revision,
    }


def _supports(versions: Any) -> Iterator[tuple[str, Any]]:
    for version in versions:
        whole = version.definition
        for one in (whole, *whole.variants):
            choices = [
                (f"{whole.key}|{one.key}|{instrument.key}", instrument.name.best(language()))
                for instrument in one.instruments
            ]
            if choices:
                yield one.name.best(language()), choices


def _products(versions: Any) -> Iterator[tuple[str, Any]]:
    for version in versions:
        whole = version.definition
        for theme in whole.themes:
            choices = [
                (f"{whole.key}/{product.key}", product.name.best(language()))
                for product in whole.products
                if product.theme == theme.key
            ]
            if choices:
                yield f"{whole.name.best(language())}: {theme.name.best(language())}", choices


def _themes(versions: Any, programme: str) -> Iterator[tuple[str, str]]:
    found: list[ProgrammeVersion] = [each for each in versions if each.programme.key == programme]
    for version in found:
        for theme in version.definition.themes:
            yield theme.key, theme.name.best(language())


class SeatForm(forms.Form):
    """A seat's role, task and money, and what only its organisation knows."""

    role = forms.ChoiceField(label=_("Role"), choices=SeatRole.choices)
    task = forms.CharField(
        label=_("What is this seat for?"),
        max_length=200,
        required=False,
        help_text=_("For example: builds the compressor. The invited partner reads it."),
    )
    cost = forms.DecimalField(
        label=_("Cost in EUR"), min_value=0, max_digits=12, decimal_places=2, required=False
    )
    grant = forms.DecimalField(
        label=_("Grant in EUR"), min_value=0, max_digits=12, decimal_places=2, required=False
    )
    brings = forms.MultipleChoiceField(
        label=_("Competences it is there for"), required=False, widget=forms.CheckboxSelectMultiple
    )
    led_before = forms.ChoiceField(
        label=_("Has it led a project of this programme before?"), choices=KNOWN, required=False
    )
    new = forms.ChoiceField(label=_("Is it new to the programme?"), choices=KNOWN, required=False)
    in_difficulty = forms.ChoiceField(
        label=_("Is it an undertaking in difficulty?"), choices=KNOWN, required=False
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, ground: Ground, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        brings: Any = self.fields["brings"]
        brings.choices = [(each.key, each.text.best(language())) for each in ground.competences]
        if not ground.competences:
            del self.fields["brings"]

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        told = {"yes": True, "no": False}
        facts = {
            name: told[data[name]] for name in ("led_before", "new", "in_difficulty") if data[name] in told
        }
        return {
            "role": data["role"],
            "task": data["task"],
            "cost": data["cost"],
            "grant": data["grant"],
            "brings": data.get("brings", []),
            "facts": facts,
        }


def seat_initial(seat: Seat) -> dict[str, Any]:
    said = {True: "yes", False: "no", None: ""}
    facts = {name: said[seat.facts.get(name)] for name in ("led_before", "new", "in_difficulty")}
    return {
        "role": seat.role,
        "task": seat.task,
        "cost": seat.cost,
        "grant": seat.grant,
        "brings": seat.brings,
        "revision": seat.revision,
        **facts,
    }


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why not?"),
        choices=NoReason.choices,
        widget=forms.RadioSelect,
        help_text=_("Read by those who compose the consortium, not by the other partners."),
    )
    words = forms.CharField(
        label=_("In your own words"),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Comment"),
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody reads it whose organisation has accepted its seat."),
    )


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, office documents, pictures, text or ZIP, at most 25 MB."),
        widget=forms.FileInput(attrs={"accept": accepted_endings()}),
    )


class ComposeForm(forms.Form):
    research = forms.BooleanField(label=_("With a research partner"), required=False)
    keep = forms.BooleanField(
        label=_("Keep whoever sits in this variant"),
        required=False,
        help_text=_("Otherwise the team is composed from nothing."),
    )


class DecideForm(forms.Form):
    approve = forms.ChoiceField(
        label=_("Decision"),
        choices=(("yes", _("Approve")), ("no", _("Reject"))),
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 3})
    )


class ListForm(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("any")), *ConsortiumState.choices]
    )
