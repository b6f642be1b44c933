"""The states of an application, and which may follow which."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class ApplicationState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("application", "being written")
    SUBMITTED = "submitted", pgettext_lazy("application", "submitted")
    ADMISSIBLE = "admissible", pgettext_lazy("application", "admissible")
    ELIGIBLE = "eligible", pgettext_lazy("application", "eligible")
    INELIGIBLE = "ineligible", pgettext_lazy("application", "not eligible")
    ASSESSED = "assessed", pgettext_lazy("application", "assessed")
    PITCHED = "pitched", pgettext_lazy("application", "pitched")
    RANKED = "ranked", pgettext_lazy("application", "ranked")
    DECIDED = "decided", pgettext_lazy("application", "decided")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "withdrawn")


S = ApplicationState

# Every legal step after the submission. Each may be taken back to where it came from; a step that a call has
# not (a pitch day, admissibility apart from eligibility) is left out. What makes a draft of an application
# again (an invitation to the second step, a withdrawal undone) has actions of its own.
MOVES: dict[str, frozenset[str]] = {
    S.DRAFT: frozenset(),
    S.SUBMITTED: frozenset({S.ADMISSIBLE, S.ELIGIBLE, S.INELIGIBLE, S.ASSESSED, S.DECIDED}),
    S.ADMISSIBLE: frozenset({S.SUBMITTED, S.ELIGIBLE, S.INELIGIBLE, S.DECIDED}),
    S.ELIGIBLE: frozenset({S.SUBMITTED, S.ADMISSIBLE, S.INELIGIBLE, S.ASSESSED, S.RANKED}),
    S.INELIGIBLE: frozenset({S.SUBMITTED, S.ADMISSIBLE, S.ELIGIBLE, S.DECIDED}),
    S.ASSESSED: frozenset({S.SUBMITTED, S.ELIGIBLE, S.PITCHED, S.RANKED}),
    S.PITCHED: frozenset({S.ASSESSED, S.RANKED}),
    S.RANKED: frozenset({S.ELIGIBLE, S.ASSESSED, S.PITCHED, S.DECIDED}),
    S.DECIDED: frozenset({S.SUBMITTED, S.ADMISSIBLE, S.INELIGIBLE, S.RANKED}),
    S.WITHDRAWN: frozenset(),
}

#: Handed in: the managers of the programme read it from here on.
HANDED_IN = (
    S.SUBMITTED,
    S.ADMISSIBLE,
    S.ELIGIBLE,
    S.INELIGIBLE,
    S.ASSESSED,
    S.PITCHED,
    S.RANKED,
    S.DECIDED,
)
#: Nothing more happens to it.
CLOSED = (S.DECIDED, S.WITHDRAWN)
