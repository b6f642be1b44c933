"""`kontor application`: applications of the site, listed, checked and verified."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kontor.base.command import AsJson, answer, site, told
from kontor.features.calls.dossier.commands import application as papers

application = typer.Typer(help="Applications of the site.", no_args_is_help=True)
Number = Annotated[str, typer.Argument(help="Number or key of the application.")]


@application.callback()
def _application() -> None:
    """Applications of the site."""
    site()


application.registered_commands += papers.registered_commands


@application.command("list")
def list_applications(
    call: Annotated[str, typer.Option(help="Key of a call; all where it is left out.")] = "",
    as_json: AsJson = False,
) -> None:
    """Every application, with its state and what it asks for."""
    site()
    from kontor.features.calls.models import Application

    rows = Application.objects.with_requested().select_related("call", "lead").order_by("call__key", "number")
    if call:
        rows = rows.filter(call__key=call)
    found = [
        {
            "number": one.number,
            "call": one.call.key,
            "title": one.title,
            "lead": one.lead.name,
            "state": one.state,
            "step": one.step,
            "requested": str(one.requested),
            "receipt": one.receipt,
        }
        for one in rows
    ]
    text = "\n".join(
        f"{one['number']:24} {one['state']:10} {one['requested']:>12}  {one['title']}" for one in found
    )
    answer({"applications": found}, as_json, text or "No applications.")


@application.command()
def check(number: Number, as_json: AsJson = False) -> None:
    """What stands between an application and its submission; exit code 3 where something does."""
    site()
    from kontor.features.calls.completeness import blocking, problems_of, state_of

    with told(as_json):
        found = problems_of(state_of(_found(number)))
    names = ("field", "code", "text", "rule", "blocks")
    rows = [{name: getattr(one, name) for name in names} for one in found]
    text = "\n".join(f"{one.field}: {one.text} [{one.rule}]" for one in found)
    answer({"problems": rows}, as_json, text or "Complete.")
    if blocking(found):
        raise typer.Exit(3)


@application.command()
def verify(
    file: Annotated[Path, typer.Argument(help="What was handed in, as the receipt's page gives it.")],
    sha256: Annotated[str, typer.Argument(help="The hash on the receipt.")],
    as_json: AsJson = False,
) -> None:
    """Whether a file is what a receipt names, and what the site has on record; exit code 3 where not."""
    site()
    import hashlib

    from kontor.base.errors import KontorError
    from kontor.features.calls.models import Submission

    with told(as_json):
        if not file.is_file():
            raise KontorError("There is no such file.", code="no-file", path="file", remedy="Check the path.")
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
    known = Submission.objects.filter(sha256=digest).first()
    same = digest == sha256.strip().lower()
    found: dict[str, Any] = {
        "same": same, "sha256": digest, "receipt": known.receipt if known else None,
        "submitted_at": known.at if known else None,
    }  # fmt: skip
    on_record = (
        f"On record: {known.receipt}, {known.at:%Y-%m-%d %H:%M:%S %Z}." if known else "Not on record here."
    )
    answer(found, as_json, f"{'The hash fits.' if same else 'The hash does not fit.'} {on_record}")
    if not same or known is None:
        raise typer.Exit(3)


def _found(number: str) -> Any:
    from django.db.models import Q

    from kontor.base.errors import KontorError
    from kontor.features.calls.models import Application

    rows = Application.objects.select_related("call__programme", "call__version", "lead")
    found = rows.filter(Q(number=number) | Q(key=number)).first()
    if found is None:
        raise KontorError(
            f"There is no application {number!r}.",
            code="application-unknown",
            path="number",
            remedy="See them with: kontor application list.",
        )
    return found
