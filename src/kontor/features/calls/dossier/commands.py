"""`kontor application`: the papers of one application on the command line."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated, Any

import typer

from kontor.base.command import AsJson, answer, site, told

application = typer.Typer(no_args_is_help=True, help="The papers of one application.")
Number = Annotated[str, typer.Argument(help="Its number, as pages show it.")]
Language = Annotated[str, typer.Option(help="en, de or nl")]


@application.callback()
def prepare() -> None:
    """Set the site up before any of the commands below runs."""
    site()


@application.command("signatures")
def show_signatures(number: Number, as_json: AsJson = False) -> None:
    """Who has signed, and whose signature the submission waits for."""
    from kontor.features.calls.dossier.signing import standings

    with told(as_json):
        rows = standings(_application(number))
        found = [
            {
                "organisation": one.partner.organisation.key,
                "name": one.partner.organisation.name,
                "state": "signed" if one.signature else "missing" if one.is_missing else "not needed",
                "signed_by": one.signature.name if one.signature else "",
                "sections": [section.key for section in one.sections],
            }
            for one in rows
        ]
        lines = ["{name}: {state} {signed_by}".format(**each).rstrip() for each in found]
        answer({"application": number, "partners": found}, as_json, "\n".join(lines))


@application.command("word")
def write_word_file(
    number: Number,
    out: Annotated[Path, typer.Option(help="Where the DOCX file is written.")],
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """The form with its answers as a Word file, to be written in and uploaded again."""
    from kontor.features.calls.dossier.paper import word_of

    with told(as_json):
        found = _application(number)
        out.write_bytes(word_of(found, _language(language)))
        told_ = {"status": "done", "file": str(out), "revision": found.revision}
        answer(told_, as_json, f"{out}, revision {found.revision}")


@application.command("compare")
def compare_word_file(
    number: Number,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The DOCX file that came back.")],
    as_json: AsJson = False,
) -> None:
    """What a returned Word file changes, field by field; nothing is written."""
    from kontor.features.calls.dossier.actions.taking_over import checked_word
    from kontor.features.calls.dossier.facts import answers_at, answers_of
    from kontor.features.calls.dossier.paper import line_of, read_back

    with told(as_json):
        row = _application(number)
        word = checked_word(row, file.read_bytes())
        said = read_back(row, word)
        base, here = answers_at(row, word.identity.revision), answers_of(row)
        lines = [
            line_of(field, base.get(field.key), here.get(field.key), said.values[field.key])
            for field in row.questions.fields()
            if field.key in said.values
        ]
        found = [
            {"field": line.field.key, "side": line.side, "here": line.here, "file": line.file}
            for line in lines
        ]
        unread = [{"code": one.code, "field": one.field, "text": one.text} for one in said.unread]
        words = [f"{each['field']}: changed {_SIDES[str(each['side'])]}" for each in found]
        words += [f"{one['field'] or 'beside the fields'}: {one['code']} {one['text']}" for one in unread]
        text = "\n".join(words) or "The file says nothing new."
        answer({"application": number, "lines": found, "unread": unread}, as_json, text)


@application.command("dossier")
def write_dossier(
    number: Number,
    out: Annotated[Path, typer.Option(help="Where the ZIP file is written.")],
    language: Language = "en",
    person: Annotated[
        str, typer.Option("--as", help="Address of a person: as far as this person may read it.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Everything in one ZIP file: form, annexes, receipts, history, an index."""
    from kontor.features.calls.dossier.archive import archive_of
    from kontor.features.calls.dossier.whole import whole_of
    from kontor.features.calls.queries import applications_for

    with told(as_json):
        row, user = _application(number), _person(person)
        if not applications_for(user).filter(pk=row.pk).exists():
            raise _missing(number)
        with archive_of(whole_of(user, row, _language(language))) as content, out.open("wb") as file:
            shutil.copyfileobj(content, file)
        size = out.stat().st_size
        answer({"status": "done", "file": str(out), "bytes": size}, as_json, f"{out}, {size} bytes")


_SIDES = {"file": "in the file", "both": "on both sides", "same": "alike on both sides"}


def _application(number: str) -> Any:
    from kontor.features.calls.models import Application

    rows = Application.objects.select_related("call__programme", "call__version", "lead")
    found = rows.filter(number__iexact=number).first()
    if found is None:
        raise _missing(number)
    return found


def _missing(number: str) -> Exception:
    from kontor.base.errors import KontorError

    return KontorError(
        f"There is no application {number}.",
        code="no-such-application",
        path="number",
        remedy="Its number stands under its title on every page.",
    )


class _Everything:
    """Whoever sits at the server reads everything that an administrator reads."""

    is_authenticated = True
    key = "command-line"

    def holds(self, *roles: str) -> bool:
        return "administrator" in roles

    def roles(self) -> list[Any]:
        return []


def _person(address: str) -> Any:
    from kontor.base.errors import KontorError
    from kontor.features.accounts.models import User

    if not address:
        return _Everything()
    user = User.objects.filter(email__iexact=address, is_active=True).first()
    if user is None:
        raise KontorError(
            f"Nobody here has the address {address}.",
            code="no-such-person",
            path="as",
            remedy="See them with: kontor users list.",
        )
    return user


def _language(wanted: str) -> str:
    from kontor.base.errors import KontorError
    from kontor.features.calls.dossier.facts import LANGUAGES

    if wanted not in LANGUAGES:
        raise KontorError(
            f"{wanted} is no language of the site.",
            code="no-such-language",
            path="language",
            remedy=f"Choose one of: {', '.join(LANGUAGES)}.",
        )
    return wanted
