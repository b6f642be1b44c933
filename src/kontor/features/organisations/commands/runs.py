"""`kontor imports`: earlier imports, and taking one back."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from kontor.base.command import AsJson, answer, site, told

imports = typer.Typer(no_args_is_help=True, help="Earlier imports: list them, take one back.")
_COUNTS = ("rows", "new", "change", "same", "refused")


@imports.callback()
def prepare() -> None:
    """Set the site up before any of the commands below runs."""
    site()


@imports.command("list")
def list_runs(
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20, as_json: AsJson = False
) -> None:
    """The latest first."""
    from kontor.features.organisations.models import ImportRun

    rows = [_line(run) for run in ImportRun.objects.order_by("-created_at", "-id")[:limit]]
    lines = [
        f"{row['run']}  {row['created_at']:%Y-%m-%d %H:%M}  {row['state']:9}  {row['file']}"
        f"  ({', '.join(f'{row[name]} {name}' for name in _COUNTS if name in row)})"
        for row in rows
    ]
    answer({"runs": rows}, as_json, "\n".join(lines) or "No imports yet.")


def _line(run: Any) -> dict[str, Any]:
    counts = {name: run.counts[name] for name in _COUNTS if name in run.counts}
    return {
        "run": run.key,
        "file": run.filename,
        "cluster": run.cluster_key,
        "state": run.state,
        "created_at": run.created_at,
        "by": run.actor_label,
        **counts,
    }


@imports.command("undo")
def undo(
    run: Annotated[str, typer.Argument(help="Its key, from `kontor imports list`.")], as_json: AsJson = False
) -> None:
    """Take a whole import back; what others changed since stays, and is named."""
    from kontor.base.actor import Actor
    from kontor.base.errors import KontorError
    from kontor.features.organisations.imports.undo import undo_run
    from kontor.features.organisations.models import ImportRun

    with told(as_json):
        found = ImportRun.objects.filter(key=run).first()
        if found is None:
            raise KontorError(
                f"There is no import {run}.",
                code="no-such-import",
                path="run",
                remedy="See `kontor imports list`.",
            )
        done = undo_run(run=found, actor=Actor.system("import"))
        counts = {"removed": done.removed, "restored": done.restored, "kept": done.kept}
        words = f"Removed: {done.removed}, restored: {done.restored}, left as they are: {len(done.kept)}."
        answer({"status": "done", **counts}, as_json, words)
