"""A round read once: its envelopes, and every application with everything that a decision rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from kontor.features.calls.models import HANDED_IN, Application, ApplicationPartner, ApplicationState
from kontor.features.decisions.models import Decision, Ending, Round, RoundEnvelope
from kontor.features.decisions.money import asked, homeless_in, split_of
from kontor.features.decisions.scores import NOTHING, Standing, standings


@dataclass(frozen=True)
class Candidate:
    """An application with everything the decision rests on; `decision` is the one that holds. `homeless`
    names a partner whose money no region of the call pays: it then has no `split`.
    """

    application: Application
    partners: tuple[ApplicationPartner, ...]
    standing: Standing
    decision: Decision | None
    split: Mapping[str, Decimal]
    homeless: str = ""

    @property
    def key(self) -> str:
        return self.application.key

    @property
    def asked(self) -> Decimal:
        return asked(self.partners)


@dataclass(frozen=True)
class Book:
    """A round read once: envelopes and candidates, in the order of the applications' numbers. Those that were
    declined after the decision stay in it and can get nothing.
    """

    round: Round
    envelopes: tuple[RoundEnvelope, ...]
    candidates: tuple[Candidate, ...]

    def of(self, key: str) -> Candidate | None:
        return next((one for one in self.candidates if one.key == key), None)


def read_book(of: Round) -> Book:
    """A fixed number of queries, whatever the number of applications."""
    envelopes = tuple(of.envelopes.select_related("envelope"))
    rows = list(
        Application.objects.filter(call=of.call)
        .filter(state__in=(*HANDED_IN, ApplicationState.WITHDRAWN))
        .exclude(submitted_at=None)
        .select_related("lead")
    )
    partners: dict[int, list[ApplicationPartner]] = {row.pk: [] for row in rows}
    found = ApplicationPartner.objects.current().filter(application__in=rows).select_related("organisation")
    for partner in found:
        partners[partner.application_id].append(partner)
    counting = Decision.objects.filter(Q(ended_at=None) | Q(ending=Ending.WITHDRAWN), round=of)
    known = list(counting.select_related("publication", "round").order_by("pk"))
    decisions = {row.application_id: row for row in known if row.ended_at is None}
    declined = {row.application_id for row in known if row.ended_at is not None}
    judged = standings(of)
    candidates = []
    for row in rows:
        row.call = of.call
        if row.state == ApplicationState.WITHDRAWN and row.pk not in declined | decisions.keys():
            continue
        mine = tuple(partners[row.pk])
        homeless = homeless_in(mine, of.call)
        split = {} if homeless else split_of(row, mine, envelopes, of.call)
        judgement = judged.get(row.key, NOTHING)
        candidates.append(Candidate(row, mine, judgement, decisions.get(row.pk), split, homeless))
    return Book(of, envelopes, tuple(candidates))
