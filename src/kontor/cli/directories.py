"""Where the organisations come from: a file, or the site's own directory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import entry_points
from pathlib import Path
from typing import cast

from kontor.cli.contract import Clock, Progress, say
from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.encoder import Encoder
from kontor.engine.matching.entry import encode_profiles
from kontor.engine.matching.index import Index
from kontor.engine.matching.lexicon import Lexicon
from kontor.engine.matching.model import Profile
from kontor.engine.matching.past import Past
from kontor.engine.matching.read import Directory, read_cordis, read_directory, read_keep

GROUP = "kontor.directory"
SHOWN_PROBLEMS = 5


class Form(StrEnum):
    """How a directory is written."""

    DIRECTORY = "directory"
    CORDIS = "cordis"
    KEEP = "keep"


READERS = {Form.DIRECTORY: read_directory, Form.CORDIS: read_cordis, Form.KEEP: read_keep}


@dataclass(frozen=True, slots=True)
class Opened:
    """A directory ready to be searched; `past` is None where no earlier projects are known."""

    index: Index
    past: Past | None = None


def open_file(path: Path, form: Form, lexicon: Lexicon, encoder: Encoder, clock: Clock) -> Opened:
    """Reads and encodes a directory, telling the progress and what could not be used on standard error."""
    directory = READERS[form](path)
    _tell_problems(directory)
    progress = Progress("Reading organisations", len(directory.profiles))
    index = Index.build(encode_profiles(_counted(directory.profiles, progress, clock), lexicon, encoder))
    clock.check()
    cooperations = [project.as_cooperation() for project in directory.projects]
    return Opened(index, Past.build(cooperations, directory.profiles, lexicon) if cooperations else None)


def open_site() -> Opened:
    """The site's directory, from the function that the site registers as `site` in `kontor.directory`.

    The function takes nothing and returns an `Index` and a `Past` or None; whoever runs commands on the
    site's machine may see all of it.
    """
    providers = [point for point in entry_points(group=GROUP) if point.name == "site"]
    try:
        provider = providers[0].load() if providers else None
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("kontor"):
            raise
        provider = None
    if provider is None:
        raise InvalidInput("directory", "No site is installed here.", "Name a directory with --directory.")
    index, past = cast(tuple[Index, Past | None], provider())
    return Opened(index, past)


def _counted(profiles: Iterable[Profile], progress: Progress, clock: Clock) -> Iterator[Profile]:
    for number, profile in enumerate(profiles, start=1):
        clock.check()
        progress.show(number)
        yield profile


def _tell_problems(directory: Directory) -> None:
    for problem in directory.problems[:SHOWN_PROBLEMS]:
        place = f"{problem.file}, row {problem.row}, {problem.column}"
        say(f"{place}: {problem.message} {problem.remedy}")
    more = len(directory.problems) - SHOWN_PROBLEMS
    if more > 0:
        say(f"… and {more} more rows with problems.")
