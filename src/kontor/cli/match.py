"""`kontor match`: partners for a need, an idea or an organisation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from kontor.cli.contract import Answer, Clock, run
from kontor.cli.directories import Form, Opened, open_file, open_site
from kontor.cli.match_output import answer_of
from kontor.cli.rankings import read_ranking, weights_by
from kontor.cli.vectors import CachedEncoder, cache_folder
from kontor.codes import encoder as installed
from kontor.codes import lexicon as shipped
from kontor.codes.suggest import codes_read_from
from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.index import Index
from kontor.engine.matching.lexicon import Lexicon
from kontor.engine.matching.model import AUDIENCES_ALL, Code, Conditions, Query, QueryKind
from kontor.engine.matching.ranking import Ranking
from kontor.engine.matching.solve import search


@dataclass(frozen=True)
class Wishes:
    """The options of the command that make the question."""

    text: str
    language: str
    kind: str
    organisation: str
    team: tuple[str, ...]
    origin: str
    across: bool
    countries: tuple[str, ...]
    sme: bool
    codes: tuple[str, ...]
    trl_min: int | None
    trl_max: int | None
    area: tuple[str, ...]
    top: int
    today: str
    suggested_codes: bool
    not_codes: tuple[str, ...]
    past: bool
    ranking: Ranking | None = None

    def query(self, index: Index) -> Query:
        """The question; crossing a border needs to know from where."""
        origin = self.origin or (index.profile(self.organisation)[0].country if self.organisation else "")
        if self.across and not origin:
            raise InvalidInput("across", "From which country is not known.", "Add --from, as --from NL.")
        conditions = Conditions(
            countries=self.countries,
            across_from=origin if self.across else "",
            sme_only=self.sme,
            codes=tuple(Code.parse(code) for code in self.codes),
            trl_min=self.trl_min,
            trl_max=self.trl_max,
            area=self.area,
        )
        return Query(
            text=self.text,
            language=self.language,
            kind=self.kind,
            organisation=self.organisation,
            team=self.team,
            origin=origin,
            conditions=conditions,
            top=self.top,
            audiences=AUDIENCES_ALL,
            today=self.today,
            suggested=self._suggested(),
            **weights_by(self.ranking),
        )

    def _suggested(self) -> tuple[Code, ...]:
        without = {Code.parse(code) for code in self.not_codes}
        return codes_read_from(self.text, self.language, without) if self.suggested_codes else ()


def match(
    text: Annotated[str, typer.Argument(help="What you look for: a need, an idea, a whole paragraph.")] = "",
    directory: Annotated[
        Path | None, typer.Option(help="File or folder; without it the site's own directory.")
    ] = None,
    form: Annotated[Form, typer.Option("--as", help="How the directory is written.")] = Form.DIRECTORY,
    organisation: Annotated[str, typer.Option(help="Key of the asking organisation.")] = "",
    team: Annotated[
        list[str] | None, typer.Option(help="Key of one who is in the group already; repeat.")
    ] = None,
    kind: Annotated[QueryKind, typer.Option(help="What the text is.")] = QueryKind.NEED,
    origin: Annotated[str, typer.Option("--from", help="Your country, as NL.")] = "",
    across: Annotated[bool, typer.Option(help="Only partners across the border.")] = False,
    country: Annotated[list[str] | None, typer.Option(help="Only this country; repeat for more.")] = None,
    sme: Annotated[bool, typer.Option(help="Only small and medium-sized.")] = False,
    theme: Annotated[list[str] | None, typer.Option(help="Only this theme; repeat for more.")] = None,
    code: Annotated[
        list[str] | None, typer.Option(help="Only this code, as nace:28; repeat for more.")
    ] = None,
    trl_min: Annotated[int | None, typer.Option(help="Lowest technology readiness level.")] = None,
    trl_max: Annotated[int | None, typer.Option(help="Highest technology readiness level.")] = None,
    area: Annotated[
        list[str] | None, typer.Option(help="Only this NUTS area, as DEA; repeat for more.")
    ] = None,
    top: Annotated[int, typer.Option(help="How many.")] = 20,
    language: Annotated[str, typer.Option(help="Language of the text, as de; recognised if left out.")] = "",
    today: Annotated[str, typer.Option(help="Date from which freshness counts; today if left out.")] = "",
    suggested_codes: Annotated[
        bool, typer.Option(help="Count codes that are read from the text, as far as nobody named them.")
    ] = True,
    not_code: Annotated[
        list[str] | None, typer.Option(help="A code that was read from the text and is wrong; repeat.")
    ] = None,
    past: Annotated[bool, typer.Option(help="Count what is known from earlier projects.")] = True,
    weights: Annotated[
        Path | None,
        typer.Option(help="Weights that `kontor weights fit` learned; the usual ones without it."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Draws lots between equals.")] = 0,
    time: Annotated[float, typer.Option(help="Seconds allowed, 0 for no limit.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the JSON object to this file.")] = None,
) -> None:
    """Who fits: ranked partners, each with three reasons and one doubt."""
    wishes = Wishes(
        text=text,
        language=language,
        kind=kind,
        organisation=organisation,
        team=tuple(team or ()),
        origin=origin,
        across=across,
        countries=tuple(country or ()),
        sme=sme,
        codes=(*(f"theme:{each}" for each in theme or ()), *(code or ())),
        trl_min=trl_min,
        trl_max=trl_max,
        area=tuple(area or ()),
        top=top,
        today=today or dt.datetime.now(tz=dt.UTC).date().isoformat(),
        suggested_codes=suggested_codes,
        not_codes=tuple(not_code or ()),
        past=past,
    )
    run(
        lambda clock: solve(replace(wishes, ranking=read_ranking(weights)), directory, form, seed, clock),
        seconds=time,
        as_json=as_json,
        out=out,
    )


def solve(wishes: Wishes, directory: Path | None, form: Form, seed: int, clock: Clock) -> Answer:
    """Reads the directory, asks the matchmaker, words the answer."""
    if not (wishes.text.strip() or wishes.organisation):
        raise InvalidInput("text", "There is no question.", "Write a need, or name an organisation.")
    lexicon = shipped.load()
    encoder = CachedEncoder(installed.load(), cache_folder(), clock.check)
    opened = _opened(directory, form, lexicon, encoder, clock)
    query = wishes.query(opened.index)
    past = opened.past if wishes.past else None
    result = search(opened.index, query, lexicon=lexicon, encoder=encoder, seed=seed, past=past)
    return answer_of(result, opened.index, query)


def _opened(
    directory: Path | None, form: Form, lexicon: Lexicon, encoder: CachedEncoder, clock: Clock
) -> Opened:
    return open_file(directory, form, lexicon, encoder, clock) if directory else open_site()
