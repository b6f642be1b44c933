"""`kontor duplicates`: pairs that may be one organisation, merged and parted again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kontor.base.command import AsJson, answer, site, told
from kontor.features.organisations.commands.finding import organisation_of

if TYPE_CHECKING:
    from kontor.features.organisations.models import DuplicatePair, Merge, Organisation

duplicates = typer.Typer(no_args_is_help=True, help="Records that may be one organisation.")
Limit = Annotated[int, typer.Option(min=1, help="How many at most.")]


@duplicates.callback()
def prepare() -> None:
    """Set the site up before any of the commands below runs."""
    site()


@duplicates.command("find")
def find(as_json: AsJson = False) -> None:
    """Compare everybody with everybody and note the pairs; what people decided stays."""
    from kontor.features.organisations.actions.pairs import note_duplicates

    count = note_duplicates()
    answer({"status": "done", "pairs": count}, as_json, f"{count} open pairs. See `kontor duplicates list`.")


@duplicates.command("list")
def list_pairs(limit: Limit = 50, as_json: AsJson = False) -> None:
    """Undecided pairs, likeliest first."""
    from kontor.features.organisations.models import DuplicatePair

    rows = DuplicatePair.objects.filter(state="open", first__merged_into=None, second__merged_into=None)
    pairs = [_pair(row) for row in rows.select_related("first", "second").order_by("-score", "pk")[:limit]]
    lines = [
        f"{pair['score']:.2f}  {pair['first']['key']} {pair['first']['name']}  ~  "
        f"{pair['second']['key']} {pair['second']['name']}  ({', '.join(pair['words'])})"
        for pair in pairs
    ]
    answer(
        {"pairs": pairs}, as_json, "\n".join(lines) or "No open pairs. Look for some: kontor duplicates find"
    )


def _pair(row: DuplicatePair) -> dict[str, Any]:
    from kontor.features.organisations.reasons import reasons_in_words

    return {
        "score": row.score,
        "reasons": row.reasons,
        "words": reasons_in_words(row.reasons),
        "first": _side(row.first),
        "second": _side(row.second),
    }


def _side(organisation: Organisation) -> dict[str, str]:
    return {field: getattr(organisation, field) for field in ("key", "name", "country", "place")}


@duplicates.command("merge")
def merge(
    kept: Annotated[str, typer.Argument(help="Key of the record that stays.")],
    gone: Annotated[str, typer.Argument(help="Key of the record that goes into it.")],
    take: Annotated[
        list[str] | None,
        typer.Option("--take", help="Field whose value is taken from the one that goes; repeatable."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make one of two. What the record that stays lacks is taken over; `part` takes it back."""
    from kontor.base.actor import Actor
    from kontor.features.organisations.actions import merge_organisations

    with told(as_json):
        one, other = organisation_of(kept, "kept"), organisation_of(gone, "gone")
        choices = dict.fromkeys(take or [], "gone")
        made = merge_organisations(kept=one, gone=other, choices=choices, actor=Actor.system("command line"))
        answer(
            {"status": "done", **_merge(made)},
            as_json,
            f"{other.name} is merged into {one.name}. To take it back: kontor duplicates part {gone}",
        )


@duplicates.command("different")
def different(
    first: Annotated[str, typer.Argument(help="Key of one of the two.")],
    second: Annotated[str, typer.Argument(help="Key of the other.")],
    as_json: AsJson = False,
) -> None:
    """Say that two are not one: the pair is not proposed again."""
    from kontor.base.actor import Actor
    from kontor.base.errors import KontorError
    from kontor.features.organisations.actions import mark_different
    from kontor.features.organisations.models import DuplicatePair

    with told(as_json):
        ids = sorted((organisation_of(first, "first").pk, organisation_of(second, "second").pk))
        rows = DuplicatePair.objects.select_related("first", "second").filter(state="open")
        pair = rows.filter(first_id=ids[0], second_id=ids[1]).first()
        if pair is None:
            raise KontorError(
                "These two are no open pair.",
                code="no-such-pair",
                path="second",
                remedy="See `kontor duplicates list`.",
            )
        mark_different(pair=pair, actor=Actor.system("command line"))
        answer({"status": "done"}, as_json, "Noted: these are two different organisations.")


@duplicates.command("merges")
def merges(limit: Limit = 50, as_json: AsJson = False) -> None:
    """Merges that can be taken back, the latest first."""
    from kontor.features.organisations.models import Merge

    rows = Merge.objects.filter(undone_at=None).select_related("kept", "gone").order_by("-merged_at", "-pk")
    found = [_merge(row) for row in rows[:limit]]
    lines = [f"{row['gone']} {row['gone_name']} into {row['kept']} {row['kept_name']}" for row in found]
    answer({"merges": found}, as_json, "\n".join(lines) or "No merges.")


@duplicates.command("part")
def part(
    gone: Annotated[str, typer.Argument(help="Key of the record that was merged away.")],
    as_json: AsJson = False,
) -> None:
    """Take a merge back: both organisations are there again, without loss."""
    from kontor.base.actor import Actor
    from kontor.base.errors import KontorError
    from kontor.features.organisations.actions import unmerge_organisations
    from kontor.features.organisations.models import Merge

    with told(as_json):
        other = organisation_of(gone, "gone", gone_too=True)
        made = Merge.objects.filter(gone=other, undone_at=None).select_related("kept", "gone").first()
        if made is None:
            raise KontorError(
                f"{other.name} is not merged into another.",
                code="not-merged",
                path="gone",
                remedy="See `kontor duplicates merges`.",
            )
        unmerge_organisations(merge=made, actor=Actor.system("command line"))
        words = f"{other.name} and {made.kept.name} are two organisations again."
        answer({"status": "done", **_merge(made)}, as_json, words)


def _merge(row: Merge) -> dict[str, Any]:
    return {
        "kept": row.kept.key,
        "kept_name": row.kept.name,
        "gone": row.gone.key,
        "gone_name": row.gone.name,
        "merged_at": row.merged_at,
        "merged_by": row.merged_by,
    }
