"""`kontor programmes`: the programmes of the site; `kontor programme` reads files without one."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kontor.base.command import AsJson, answer, site, told

if TYPE_CHECKING:
    from kontor.features.programmes.models import Envelope, Programme

programmes = typer.Typer(no_args_is_help=True, help="Programmes of the site, their money and members.")
Key = Annotated[str, typer.Argument(help="Key of a programme, see `kontor programmes list`.")]


@programmes.callback()
def prepare() -> None:
    """Set the site up before any of the commands below runs."""
    site()


@programmes.command("list")
def list_programmes(as_json: AsJson = False) -> None:
    """Every programme with its published version and draft."""
    from kontor.features.programmes.models import Programme

    rows = [_listed(one) for one in Programme.objects.alive().prefetch_related("versions")]
    lines = [
        f"{row['key']:<28} {row['name']}, version {row['version'] or '–'}{', draft' if row['draft'] else ''}"
        for row in rows
    ]
    none = "No programmes yet. Publish one: kontor programmes publish FILE"
    answer({"programmes": rows}, as_json, "\n".join(lines) or none)


def _listed(one: Programme) -> dict[str, Any]:
    versions = list(one.versions.all())
    published = next((version.number for version in versions if version.published_at), None)
    draft = next((version.number for version in versions if not version.published_at), None)
    return {"key": one.key, "name": one.name, "version": published, "draft": draft}


@programmes.command("publish")
def publish(
    file: Annotated[Path, typer.Argument(help="Programme as TOML, see docs/formats/programme.md.")],
    note: Annotated[str, typer.Option("--note", help="What changed, one line.")] = "",
    as_json: AsJson = False,
) -> None:
    """Publish a file: as a new programme, or as the next version of the one with its key.

    Refused, with the line of the first fault, where the file is not sound, and where somebody has a draft of
    it in the editor.
    """
    with told(as_json):
        version = _published(_text(file), note)
    done = {"status": "published", "key": version.programme.key, "version": version.number}
    answer(done, as_json, f"{done['key']}: version {done['version']} is published.")


def _published(text: str, note: str) -> Any:
    from django.db import transaction

    from kontor import programmes as files
    from kontor.base.actor import Actor
    from kontor.features.programmes import actions
    from kontor.features.programmes.models import Programme

    actor = Actor.system("command line")
    found, _problems = files.check(text.encode())
    with transaction.atomic():
        known = Programme.objects.filter(key=found.key).first() if found else None
        if known is None:
            known = actions.add_programme(text=text, actor=actor)
        else:
            actions.save_draft(programme=known, text=text, revision=None, note=note, actor=actor)
        return actions.publish_draft(programme=known, actor=actor)


def _text(file: Path) -> str:
    from kontor.base.errors import KontorError

    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise KontorError(
            f"{str(file)!r} cannot be read: {error}.",
            code="unreadable",
            path="file",
            remedy="Check the file's name, and save it as UTF-8.",
        ) from error


@programmes.command("money")
def money(key: Key, as_json: AsJson = False) -> None:
    """What each envelope was planned to hold, what was moved, what is committed, and what is left."""
    with told(as_json):
        rows = [_envelope(row) for row in _programme(key).envelopes.filter(closed=False)]
    lines = [
        f"{row['key']:<34} planned {row['planned']:>14}  moved {row['moved']:>12}  "
        f"committed {row['committed']:>14}  left {row['left']:>14} {row['currency']}"
        for row in rows
    ]
    answer({"programme": key, "envelopes": rows}, as_json, "\n".join(lines) or "The file states no amounts.")


def _envelope(row: Envelope) -> dict[str, str]:
    return {
        "key": row.key,
        "currency": row.currency,
        "planned": str(row.planned),
        "moved": str(row.amount - row.planned),
        "committed": str(row.committed),
        "left": str(row.remaining),
    }


@programmes.command("commit")
def commit(
    key: Key,
    reference: Annotated[str, typer.Argument(help="The case.")],
    draw: Annotated[list[str], typer.Option("--draw", help="ENVELOPE=AMOUNT; repeat for several envelopes.")],
    as_json: AsJson = False,
) -> None:
    """Promise money to a case: kontor programmes commit KEY "Case 4" --draw budget=100.00"""
    with told(as_json):
        from kontor.base.actor import Actor
        from kontor.features.programmes.actions import commit_money

        made = commit_money(
            programme=_programme(key),
            draws=dict(map(_draw, draw)),
            reference=reference,
            actor=Actor.system("command line"),
        )
    done = {"status": "committed", "key": made.key, "amount": str(made.amount)}
    answer(done, as_json, f"{made.key}: {made.amount} committed for {made.reference}.")


def _draw(text: str) -> tuple[str, Decimal]:
    from kontor.base.errors import KontorError

    envelope, _equals, amount = text.rpartition("=")
    try:
        return envelope, Decimal(amount)
    except ArithmeticError:
        raise KontorError(
            f"{text!r} is no envelope with an amount.",
            code="draw-invalid",
            path="draw",
            remedy="Write it like theme:heat=1500.00.",
        ) from None


@programmes.command("results")
def results(key: Key, as_json: AsJson = False) -> None:
    """Each indicator with its target, its latest value with day and source, and what Kontor counts today."""
    with told(as_json):
        rows = _results(_programme(key))
    lines = [
        f"{row['indicator']:<26} target {row['target'] or '–':>12}  latest {row['latest'] or '–':>12}  "
        f"counted {row['counted'] or '–':>12}  {row['day'] or ''} {row['source']}".rstrip()
        for row in rows
    ]
    answer({"programme": key, "results": rows}, as_json, "\n".join(lines) or "The file names no indicators.")


def _results(programme: Programme) -> list[dict[str, Any]]:
    from kontor.features.programmes.results import results_of

    version = programme.current
    found = results_of(programme, version.definition, counted=True) if version else []
    return [
        {
            "indicator": row.indicator.key,
            "code": row.indicator.code,
            "unit": row.indicator.unit,
            "target": _text_of(row.indicator.target),
            "latest": _text_of(row.latest.amount if row.latest else None),
            "day": row.latest.day if row.latest else None,
            "source": row.latest.source if row.latest else "",
            "counted": _text_of(row.counted),
        }
        for row in found
    ]


def _text_of(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


@programmes.command("matrix")
def matrix(
    key: Key,
    product: Annotated[str, typer.Option("--product", help="Only what this target product needs.")] = "",
    as_json: AsJson = False,
) -> None:
    """Each competence with the members that reach its level, the best first."""
    with told(as_json):
        rows = _coverage(_programme(key), product)
    lines = [
        f"{row['competence']:<24} needs {row['level']}: "
        + (
            ", ".join(f"{one['name']} ({one['country']}, {one['level']})" for one in row["members"])
            or "nobody"
        )
        for row in rows
    ]
    answer({"programme": key, "competences": rows}, as_json, "\n".join(lines) or "No target products.")


def _coverage(programme: Programme, product: str) -> list[dict[str, Any]]:
    from kontor.features.programmes.matrix import Wish, columns_of

    version = programme.current
    columns = columns_of(version.definition, Wish(product=product)) if version else ()
    cells = list(programme.member_competences.select_related("organisation").order_by("-level", "pk"))
    return [
        {
            "competence": column.key,
            "level": column.level,
            "required": column.required,
            "members": [
                {
                    "key": cell.organisation.key,
                    "name": cell.organisation.name,
                    "country": cell.organisation.country,
                    "level": cell.level,
                }
                for cell in cells
                if cell.competence == column.key and cell.level >= column.level
            ],
        }
        for column in columns
    ]


def _programme(key: str) -> Programme:
    from kontor.base.errors import KontorError
    from kontor.features.programmes.models import Programme

    found = Programme.objects.alive().filter(key=key).first()
    if found is None:
        raise KontorError(
            f"There is no programme {key!r}.",
            code="programme-unknown",
            path="key",
            remedy="See `kontor programmes list`.",
        )
    return found
