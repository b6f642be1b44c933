"""What the log's verbs about decisions mean."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kontor.base.audit.read import name_fields, name_verbs

VERBS: dict[str, object] = {
    "decision.round_opened": _("began the decisions on a call"),
    "decision.round_changed": _("changed how is decided"),
    "decision.scored_by_hand": _("entered a score from outside"),
    "decision.scenario_computed": _("computed a scenario"),
    "decision.scenario_discarded": _("threw a scenario away"),
    "decision.scenario_adopted": _("adopted a scenario"),
    "decision.taken": _("decided on the application"),
    "decision.confirmed": _("confirmed the grant"),
    "decision.undone": _("took the decision back"),
    "decision.released": _("freed the money of a withdrawn application"),
    "decision.place_moved": _("moved on the reserve list"),
    "decision.published": _("published the decisions"),
    "decision.told": _("told the applicants"),
    "letter.prepared": _("prepared a letter"),
    "letter.changed": _("changed a letter"),
    "letter.sent": _("sent a letter"),
}
FIELDS: dict[str, object] = {
    "decision": _("decision"),
    "percent": _("percent"),
    "conditions": _("conditions"),
    "redirect_to": _("sent on to"),
    "place": _("place"),
    "adopted": _("adopted scenario"),
    "pot": _("how the money is held"),
    "score": _("score"),
    "source": _("source"),
    "sent_to": _("recipients"),
    "four_eyes": _("a second person confirms"),
}


def register() -> None:
    name_verbs(VERBS)
    name_fields(FIELDS)
