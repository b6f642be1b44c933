"""Computing scenarios and adopting one."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.errors import KontorError
from kontor.base.keys import new_key
from kontor.engine.core.stop import Stop
from kontor.engine.portfolio.model import Pot
from kontor.features.calls.actions import move_application
from kontor.features.calls.models import ApplicationState
from kontor.features.decisions.actions.rounds import BALANCING, locked_round, set_amount, touch
from kontor.features.decisions.book import read_book
from kontor.features.decisions.models import PotKind, PurseKind, Round, Scenario
from kontor.features.decisions.problem import answer_to, fingerprint, question_of
from kontor.features.decisions.settings import Settings, settings_of

#: From here a proposal may be ranked.
RANKED_FROM = (ApplicationState.ELIGIBLE, ApplicationState.ASSESSED, ApplicationState.PITCHED)


def compute_scenario(
    *,
    round: Round,
    name: str,
    settings: Settings,
    names: Mapping[str, str] | None = None,
    stop: Stop | None = None,
    actor: Actor,
) -> Scenario:
    """Solve and keep it; `names` are those in other languages. The engine works outside the transaction:
    a long proof holds nobody up.
    KontorError for a name that is taken or missing, and for settings that the engine refuses.
    """
    _check_asked(round, name, settings)
    question = question_of(read_book(round), settings)
    result = answer_to(question, seed=round.seed, stop=stop)
    with transaction.atomic():
        made = _kept(round, name, settings, question.as_file, result, actor)
        if names:
            made.names = dict(names)
            made.save(update_fields=["names"])
        changes = {
            "name": [None, made.name],
            "settings": [None, made.settings],
            "status": [None, result["status"]],
        }
        record(actor=actor, verb="decision.scenario_computed", subject=round, changes=changes)
    return made


def _check_asked(round: Round, name: str, settings: Settings) -> None:
    if not name.strip():
        raise _wrong("name", _("The scenario has no name."), _("Name it in a few words."))
    if not 0 <= settings.min_score <= 100:
        raise _wrong("min_score", _("The least score is not between 0 and 100."), _("Write 0 to 100."))
    if settings.pot != Pot.VIRTUAL and not round.call.regions:
        words = _("Only regions of a synchronised call can share a pot.")
        raise _wrong("pot", words, _("Let each envelope pay its own."))
    named = [one.country for one in settings.countries]
    twice = next((country for country in named if named.count(country) > 1), None)
    if twice:
        raise _wrong("countries", _("{country} stands twice.").format(country=twice), _("Name each once."))
    least = sum((one.least for one in settings.countries), Decimal(0))
    if least > 100:
        words = _("The least shares of all countries together are {share} % of the money.")
        raise _wrong("countries", words.format(share=least), _("Ask for 100 % or less in all."))


def _wrong(path: str, message: object, remedy: object) -> KontorError:
    return KontorError(message, code=f"{path.replace('_', '-')}-invalid", path=path, remedy=remedy)


def _kept(
    round: Round,
    name: str,
    settings: Settings,
    problem: dict[str, Any],
    result: dict[str, Any],
    actor: Actor,
) -> Scenario:
    try:
        with transaction.atomic():
            return Scenario.objects.create(
                key=new_key(),
                round=round,
                name=name.strip()[:120],
                settings=settings.as_json(),
                problem=problem,
                result=result,
                fingerprint=fingerprint(problem),
                created_by=actor.label[:200],
            )
    except IntegrityError as error:
        raise KontorError(
            _("There is a scenario “{name}” already.").format(name=name.strip()),
            code="name-taken",
            path="name",
            remedy=_("Give this one another name."),
            status=409,
        ) from error


@transaction.atomic
def discard_scenario(*, scenario: Scenario, actor: Actor) -> None:
    """Throw it away. KontorError (409) for the one that the board follows, and for one that was followed when
    decisions were taken: they name it as their ground.
    """
    row = locked_round(scenario.round)
    if row.adopted_id == scenario.pk:
        raise KontorError(
            _("The board follows this scenario."),
            code="scenario-adopted",
            remedy=_("Adopt another one first."),
            status=409,
        )
    if scenario.decisions.exists():
        raise KontorError(
            _("Decisions rest on this scenario."),
            code="scenario-decided",
            remedy=_("It stays on record with them."),
            status=409,
        )
    changes = {"name": [scenario.name, None], "settings": [scenario.settings, None]}
    record(actor=actor, verb="decision.scenario_discarded", subject=row, changes=changes)
    scenario.delete()


@transaction.atomic
def adopt_scenario(*, scenario: Scenario, reason: str, actor: Actor) -> Round:
    """Let the board follow it: its ranking holds, its pot too, and proposals in it are ranked.
    KontorError (409) where it is out of date, tries money that is not there, or nothing satisfies its rules.
    """
    row = locked_round(scenario.round)
    settings = settings_of(scenario.settings)
    if not reason.strip():
        raise KontorError(
            _("A reason is missing."),
            code="reason-missing",
            path="reason",
            remedy=_("Say in a sentence why; it stays on record."),
        )
    _check_adoptable(row, scenario, settings)
    changes = {"adopted": [row.adopted.name if row.adopted else None, scenario.name]}
    row.adopted = scenario
    if row.pot != str(settings.pot):
        changes["pot"] = [row.pot, str(settings.pot)]
        row.pot = PotKind(settings.pot)
    if settings.pot == Pot.BALANCING:
        changes |= set_amount(row, BALANCING, PurseKind.BALANCING, settings.balancing)
    touch(row, actor)
    record(actor=actor, verb="decision.scenario_adopted", subject=row, changes=changes, reason=reason.strip())
    _rank(row, scenario.result["ranking"], actor)
    return row


def _rank(row: Round, ranking: list[str], actor: Actor) -> None:
    places = {key: place for place, key in enumerate(ranking, 1)}
    for application in row.call.applications.filter(key__in=ranking, state__in=RANKED_FROM):
        words = now("Place {place} of {count}").format(place=places[application.key], count=len(ranking))
        move_application(application=application, to=ApplicationState.RANKED, reason=words, actor=actor)


def _check_adoptable(row: Round, scenario: Scenario, settings: Settings) -> None:
    if scenario.result["status"] == "infeasible":
        raise _not_adoptable("scenario-infeasible", _("No choice keeps the rules of this scenario."))
    if any(settings.extra.values()):
        raise _not_adoptable("scenario-trial", _("This scenario tries other money than there is."))
    if is_outdated(row, scenario):
        raise _not_adoptable(
            "scenario-outdated", _("Scores, money or decisions have changed since it was computed.")
        )


def is_outdated(row: Round, scenario: Scenario) -> bool:
    """Whether the same settings would ask the engine something else today."""
    today = question_of(read_book(row), settings_of(scenario.settings))
    return fingerprint(today.as_file) != scenario.fingerprint


def _not_adoptable(code: str, message: object) -> KontorError:
    return KontorError(message, code=code, remedy=_("Compute it anew with other settings."), status=409)
