"""`kontor compose`: the smallest teams of the site's directory for a target product."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kontor.base.command import site
from kontor.cli.contract import Answer, Clock, OutOfTime, run
from kontor.engine.core.errors import InvalidInput
from kontor.engine.core.result import Status

if TYPE_CHECKING:
    from kontor.features.matching.models import Consortium

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def compose(
    product: Annotated[str, typer.Argument(help="PROGRAMME/PRODUCT, as kontor programmes matrix shows it.")],
    instrument: Annotated[str, typer.Option(help="Its rules hold; needed where there are several.")] = "",
    teams: Annotated[int, typer.Option(min=1, max=30, help="How many, the best first.")] = 5,
    research: Annotated[bool, typer.Option(help="With a research partner.")] = False,
    person: Annotated[
        str, typer.Option("--as", help="Address of a person: among whom this person may see.")
    ] = "",
    seed: Annotated[int, typer.Option(help="Draws lots between equals.")] = 0,
    time: Annotated[float, typer.Option(help="Seconds allowed, 0 for no limit.")] = 0,
    as_json: AsJson = False,
    out: Annotated[Path | None, typer.Option(help="Write the JSON object to this file.")] = None,
) -> None:
    """The proven smallest teams among those whom everybody may see, what each member brings and costs; or
    which rules would have to change.
    """
    site()
    from kontor.features.matching.consortia.ask import Question

    question = Question(research=research, teams=teams)
    run(
        lambda clock: _composed(product, instrument, question, person, seed, clock),
        seconds=time,
        as_json=as_json,
        out=out,
    )


def _composed(product: str, instrument: str, question: Any, person: str, seed: int, clock: Clock) -> Answer:
    from kontor.base.errors import KontorError
    from kontor.features.matching.consortia.ask import found_among
    from kontor.features.matching.consortia.problem import pool_for

    consortium, user = _imagined(product, instrument), _user(person)
    try:
        pool = pool_for(consortium, user)
        result = found_among(consortium, question, pool, stop=clock, seed=seed)
    except KontorError as error:
        raise InvalidInput(error.path, str(error.message), str(error.remedy)) from error
    if result.status is None:
        raise OutOfTime("Allow more with --time.")
    return _answer(consortium, result, user)


def _imagined(wanted: str, instrument: str) -> Consortium:
    """A consortium for the product that is never stored; nobody leads it."""
    from kontor.features.matching.models import Consortium
    from kontor.features.matching.products import current_versions
    from kontor.features.organisations.models import Organisation

    programme, _slash, product = wanted.partition("/")
    versions = current_versions(programme) if programme else []
    if not versions:
        raise InvalidInput(
            "product", f"There is no programme {programme!r}.", "See them with: kontor programmes list."
        )
    whole = versions[0].definition
    found = {each.key: each for each in whole.products}.get(product)
    if found is None:
        known = ", ".join(each.key for each in whole.products) or "none"
        raise InvalidInput("product", f"{programme} has no product {product!r}.", f"It has: {known}.")
    choices = {each.key: one.key for one in (*whole.variants, whole) for each in one.instruments}
    if not instrument and len(choices) == 1:
        instrument = next(iter(choices))
    if instrument not in choices:
        raise InvalidInput(
            "instrument",
            f"There is no instrument {instrument!r}." if instrument else "The programme has several.",
            f"Choose with --instrument: {', '.join(sorted(choices))}.",
        )
    return Consortium(
        key="",
        title=found.name.best("en"),
        lead=Organisation(key="", country=""),
        programme=versions[0].programme,
        version=versions[0],
        definition=choices[instrument],
        instrument=instrument,
        product=product,
    )


def _user(address: str) -> Any:
    from django.contrib.auth.models import AnonymousUser

    from kontor.features.accounts.models import User

    if not address:
        return AnonymousUser()
    user = User.objects.filter(email__iexact=address, is_active=True).first()
    if user is None:
        raise InvalidInput(
            "as", f"Nobody here has the address {address}.", "See them with: kontor users list."
        )
    return user


def _answer(consortium: Consortium, result: Any, user: Any) -> Answer:
    from kontor.features.matching.consortia.api.composing import teams_out
    from kontor.features.matching.consortia.problem import ground_of, result_as_json
    from kontor.features.matching.consortia.queries import Board
    from kontor.features.matching.consortia.suggestions import answer_view
    from kontor.features.matching.models import Composition

    told = result_as_json(result)
    board = Board(consortium, ground_of(consortium), (), whole=False, composes=False)
    found = teams_out(answer_view(Composition(status=told["status"], result=told), board, user))
    return Answer(
        status=Status(result.status),
        objective=result.objective,
        bound=result.bound,
        solution={"teams": found["teams"]},
        explanation={
            "corrections": found["corrections"],
            "complete": result.complete,
            "out_of_time": result.out_of_time,
            "figures": told["figures"],
        },
        text="\n".join(_words(found)),
    )


def _words(found: dict[str, Any]) -> list[str]:
    lines = []
    for team in found["teams"]:
        proof = "proven best" if team["proven"] else "the best found"
        earned = sum(part["points"] for part in team["parts"] if part["points"] > 0)
        off = earned - team["objective"]
        lines.append(
            f"{team['number'] + 1}. {team['objective']:g} points ({earned:g} for what it brings, {off:g} "
            f"taken off for {len(team['members'])} partners), {proof}"
        )
        for each in team["members"]:
            lead = ", leads" if each["lead"] else ""
            lines.append(f"   {each['title']} ({each['country']}) [{each['key']}]{lead}")
            lines += [f"     + {text}" for text in each["brings"]]
            lines += _price(each)
    if not found["teams"]:
        lines.append("No team keeps all rules. Each of these sets of changes makes one possible:")
        for number, each in enumerate(found["corrections"], start=1):
            lines.append(f"{number}. {' '.join(each['changes'])} Then: {', '.join(each['team'])}.")
    return lines


def _price(member: dict[str, Any]) -> list[str]:
    """What leaving a member out costs; the engine answers that for the best team."""
    if not member["price"]:
        return []
    if member["lost"] is None:
        return ["     - without it no team keeps all rules"]
    return [
        f"     - without it the best team has {member['lost']:g} points less: {', '.join(member['without'])}"
    ]
