"""`kontor match`: partners for a need, an idea or an organisation."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from kontor.cli.contract import Answer, Clock, run
from kontor.cli.directories import Form, Opened, open_file, open_site
from kontor.cli.match_output import answer_of
from kontor.cli.match_question import Wishes
from kontor.cli.rankings import read_ranking
from kontor.cli.vectors import CachedEncoder, cache_folder
from kontor.codes import encoder as installed
from kontor.codes import lexicon as shipped
from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.lexicon import Lexicon
from kontor.engine.matching.model import QueryKind
from kontor.engine.matching.solve import search

Text = Annotated[str, typer.Argument(help="What you look for: a need, an idea, a whole paragraph.")]
Directory = Annotated[Path | None, typer.Option(help="File or folder; without it the site's own directory.")]
Written = Annotated[Form, typer.Option("--as", help="How the directory is written.")]
Organisation = Annotated[str, typer.Option(help="Key of the asking organisation.")]
Team = Annotated[list[str] | None, typer.Option(help="Key of one who is in the group already; repeat.")]
Kind = Annotated[QueryKind, typer.Option(help="What the text is.")]
Origin = Annotated[str, typer.Option("--from", help="Your country, as NL.")]
Across = Annotated[bool, typer.Option(help="Only partners across the border.")]
Countries = Annotated[list[str] | None, typer.Option(help="Only this country; repeat for more.")]
SmallOnly = Annotated[bool, typer.Option(help="Only small and medium-sized.")]
Themes = Annotated[list[str] | None, typer.Option(help="Only this theme; repeat for more.")]
Codes = Annotated[list[str] | None, typer.Option(help="Only this code, as nace:28; repeat for more.")]
LowestTrl = Annotated[int | None, typer.Option(help="Lowest technology readiness level.")]
HighestTrl = Annotated[int | None, typer.Option(help="Highest technology readiness level.")]
Area = Annotated[list[str] | None, typer.Option(help="Only this NUTS area, as DEA; repeat for more.")]
Top = Annotated[int, typer.Option(help="How many.")]
Language = Annotated[str, typer.Option(help="Language of the text, as de; recognised if left out.")]
Today = Annotated[str, typer.Option(help="Date from which freshness counts; today if left out.")]
SuggestedCodes = Annotated[
    bool, typer.Option(help="Count codes that are read from the text, as far as nobody named them.")
]
WrongCodes = Annotated[
    list[str] | None, typer.Option(help="A code that was read from the text and is wrong; repeat.")
]
PastCounts = Annotated[bool, typer.Option(help="Count what is known from earlier projects.")]
Learned = Annotated[
    Path | None, typer.Option(help="Weights that `kontor weights fit` learned; the usual ones without it.")
]
Seed = Annotated[int, typer.Option(help="Draws lots between equals.")]
Seconds = Annotated[float, typer.Option(help="Seconds allowed, 0 for no limit.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Out = Annotated[Path | None, typer.Option(help="Write the JSON object to this file.")]


def match(
    text: Text = "",
    directory: Directory = None,
    form: Written = Form.DIRECTORY,
    organisation: Organisation = "",
    team: Team = None,
    kind: Kind = QueryKind.NEED,
    origin: Origin = "",
    across: Across = False,
    country: Countries = None,
    sme: SmallOnly = False,
    theme: Themes = None,
    code: Codes = None,
    trl_min: LowestTrl = None,
    trl_max: HighestTrl = None,
    area: Area = None,
    top: Top = 20,
    language: Language = "",
    today: Today = "",
    suggested_codes: SuggestedCodes = True,
    not_code: WrongCodes = None,
    past: PastCounts = True,
    weights: Learned = None,
    seed: Seed = 0,
    time: Seconds = 0,
    as_json: AsJson = False,
    out: Out = None,
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
