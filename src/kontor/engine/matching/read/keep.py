"""keep.eu exports: Interreg projects and their partners; credit keep.eu.

Reads `projects.csv` and `partners.csv`, joined on programme and acronym. keep.eu numbers no organisations:
one is its name without what stands in brackets, its country and its town. Traps met: `N.a.` for nothing, a
description that begins with a form's headings, region codes of ten digits outside the Union, the same town
written with and without accents.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from kontor.engine.matching.model import OrganisationKind, Size
from kontor.engine.matching.read.cordis import iso_date, nuts_code
from kontor.engine.matching.read.gather import Mentions, Project, profiles_of, projects_of
from kontor.engine.matching.read.model import Details, Directory, Problem
from kontor.engine.matching.read.tables import Row, find_file, read_table
from kontor.engine.matching.stems import fold

NAME = "Organisation in English"
PROGRAMME = "Programme"
ACRONYM = "Project acronym"

_HEADING = re.compile(r"^[A-Z][A-Z /&-]{6,}:.*$", re.M)
_BRACKETS = re.compile(r"\s*\([^()]*\)\s*")
_FORM_LEFTOVER = re.compile(r"^\s*(?:~|\d{3}\.? .*|N\.a\.?)\s*$", re.M)

_KINDS = (
    (
        OrganisationKind.RESEARCH,
        r"universi|institut|research|hochschule|politecnico|college|cnrs|school|academ|laborator"
        r"|ricerc|recherche|investigac|investigaz|forschung|fraunhofer|csic",
    ),
    (OrganisationKind.CLUSTER, r"cluster|pole de compet|technology park|parque tecnologico|tecnopolo"),
    (
        OrganisationKind.PUBLIC,
        r"municipal|ministr|region|city of|council|ayuntamiento|camara|commune|comune|provinc|county",
    ),
    (
        OrganisationKind.FIRM,
        r"\b(s\.?l\.?|s\.?a\.?|srl|spa|gmbh|ltd|limited|lda|sas|sarl|b\.?v\.?|d\.?o\.?o\.?)$",
    ),
)


def read_keep(path: Path) -> Directory:
    """`path` is the folder with both tables, or one of them.

    Raises InvalidInput where the tables cannot be read.

    The kind is taken from the type of organisation where the export has it, else from the name and the
    legal status.
    """
    folder = path if path.is_dir() else path.parent
    projects = _projects(find_file(folder, ["projects.csv"]))
    table = find_file(folder, ["partners.csv"])
    problems: list[Problem] = []
    found: dict[str, Mentions] = {}
    for number, row in read_table(table, [NAME, PROGRAMME, ACRONYM, "Country code"]):
        row = {name: "" if value in ("N.a.", "N/A", "-") else value for name, value in row.items()}
        problem = _mention(row, projects, found)
        if problem:
            column, message, remedy = problem
            problems.append(Problem(table.name, number, column, message, remedy))
    details = {each.key: each.details for each in found.values()}
    return Directory(
        profiles_of(found.values()), tuple(problems), details, "keep", projects_of(found.values())
    )


def _projects(path: Path) -> dict[tuple[str, str], Project]:
    found = {}
    for _, row in read_table(path, [PROGRAMME, ACRONYM]):
        english = row.get("Description in English") or ""
        text = without_form(english or row.get("Description", ""))
        title = row.get("Project name in English") or row.get("Project name", "")
        language = "en" if english else ""
        key = hashlib.sha256(f"{row[PROGRAMME]}\0{row[ACRONYM]}".encode()).hexdigest()[:10]
        started = iso_date(row.get("Project start", ""))
        ended = iso_date(row.get("Project end", ""))
        found[(row[PROGRAMME], row[ACRONYM])] = Project(
            key=key,
            title=title,
            text=text,
            language=language,
            started=started,
            ended="" if started and ended < started else ended,
            programme=row[PROGRAMME],
        )
    return found


def _mention(
    row: Row, projects: dict[tuple[str, str], Project], found: dict[str, Mentions]
) -> tuple[str, str, str] | None:
    name = row[NAME] or row.get("Organisation in language 2", "")
    if not name:
        return NAME, "The organisation has no name.", "Write its name."
    project = projects.get((row[PROGRAMME], row[ACRONYM]))
    if project is None:
        return (
            ACRONYM,
            f"Project {row[ACRONYM]} is not in the table of projects.",
            "Export both tables together.",
        )
    country = row["Country code"].upper()
    if not re.fullmatch("[A-Z]{2}", country):
        return "Country code", f"“{country}” is no country code.", "Use two letters, as DE."
    identity = "|".join([fold(_BRACKETS.sub(" ", name)).strip(), country, fold(row.get("Town", ""))])
    key = "keep" + hashlib.sha256(identity.encode()).hexdigest()[:12]
    each = found.setdefault(key, Mentions(key))
    _count(each, row, _BRACKETS.sub(" ", name).strip() or name, country)
    each.projects[project.key] = project
    if row.get("Lead partner", "").lower() == "yes":
        each.led.add(project.key)
    return None


def _count(each: Mentions, row: Row, name: str, country: str) -> None:
    each.names[name] += 1
    each.countries[country] += 1
    each.regions[nuts_code(row.get("NUTS3 code (or equivalent)", ""))] += 1
    each.kinds[kind_of(row.get("Type of Organisation", ""), name, row.get("Legal Status", ""))] += 1
    each.sizes[Size.SME if "SME" in row.get("Type of Organisation", "") else ""] += 1
    old = each.details
    each.details = Details(
        place=old.place or row.get("Town", ""),
        postcode=old.postcode or row.get("Postal code", ""),
        website=old.website or row.get("Website", ""),
        latitude=_number(row.get("Latitude", "")) if old.latitude is None else old.latitude,
        longitude=_number(row.get("Longitude", "")) if old.longitude is None else old.longitude,
    )


def kind_of(declared: str, name: str, status: str) -> str:
    """The kind by the declared type, by words of the name, by the legal status, in this order."""
    for text in (fold(declared), fold(name)):
        for kind, pattern in _KINDS:
            if text and re.search(pattern, text):
                return kind
    if "SME" in declared or "enterprise" in declared.lower():
        return OrganisationKind.FIRM
    return (
        OrganisationKind.PUBLIC
        if status == "public" or "public" in declared.lower()
        else OrganisationKind.OTHER
    )


def without_form(text: str) -> str:
    """A description without the headings and answers of the application form that it was exported with."""
    plain = _FORM_LEFTOVER.sub("", _HEADING.sub("", text))
    return re.sub(r"\s*\n\s*", " ", plain).strip(" ~")


def _number(value: str) -> float | None:
    """Reads a decimal comma as well."""
    try:
        return float(value.replace(",", "."))
    except ValueError:
        return None
