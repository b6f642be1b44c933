"""CORDIS extracts: projects and their participants, © European Union, CC BY 4.0.

Reads the official names (`project.csv`, `organization.csv`) and the short extract's (`projects.csv`,
`participations.csv`). An organisation is one PIC; each of its projects becomes a competence. Traps met:
numbers written as `5.0`, a comma for the decimal point, EL and UK for Greece and the United Kingdom, one
PIC under several names.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from kontor.engine.matching.model import OrganisationKind, Size
from kontor.engine.matching.read.gather import Mentions, Project, profiles_of, projects_of
from kontor.engine.matching.read.model import Details, Directory, Problem
from kontor.engine.matching.read.tables import Row, find_file, read_table

PROJECT_FILES = ("projects.csv", "project.csv")
PARTICIPANT_FILES = ("participations.csv", "organization.csv", "organizations.csv")
KINDS = {
    "HES": OrganisationKind.RESEARCH,
    "REC": OrganisationKind.RESEARCH,
    "PRC": OrganisationKind.FIRM,
    "PUB": OrganisationKind.PUBLIC,
    "OTH": OrganisationKind.OTHER,
}
_PIC = re.compile(r"\d{9}")


def read_cordis(path: Path) -> Directory:
    """`path` is the folder with both tables, or one of them.

    Raises InvalidInput where the tables cannot be read.

    The size of a firm that CORDIS does not flag as an SME is `large`: the flag is asked of every firm.
    """
    folder = path if path.is_dir() else path.parent
    problems: list[Problem] = []
    projects = _projects(find_file(folder, PROJECT_FILES), problems)
    table = find_file(folder, PARTICIPANT_FILES)
    found: dict[str, Mentions] = {}
    for number, row in read_table(table, ["projectID", "name", "country"]):
        problem = _mention(row, projects, found)
        if problem:
            column, message, remedy = problem
            problems.append(Problem(table.name, number, column, message, remedy))
    details = {each.key: each.details for each in found.values()}
    return Directory(
        profiles_of(found.values()), tuple(problems), details, "cordis", projects_of(found.values())
    )


def _projects(path: Path, problems: list[Problem]) -> dict[str, Project]:
    found: dict[str, Project] = {}
    for number, row in read_table(path, ["id", "title"]):
        started = iso_date(row.get("startDate", ""))
        if row.get("startDate") and not started:
            message = f"“{row['startDate']}” is no date."
            problems.append(
                Problem(path.name, number, "startDate", message, "Write it as 2024-05-31.", fatal=False)
            )
        found[_whole(row["id"])] = Project(
            key=_whole(row["id"]),
            title=row["title"],
            text=row.get("objective", ""),
            language="en",
            started=started,
            ended=_not_before(started, iso_date(row.get("endDate", ""))),
            programme=row.get("frameworkProgramme", "") or row.get("fundingScheme", ""),
        )
    return found


def _mention(
    row: Row, projects: dict[str, Project], found: dict[str, Mentions]
) -> tuple[str, str, str] | None:
    """Adds one participation; or column, message and remedy of what keeps it out."""
    pic = _whole(row.get("pic") or row.get("organisationID") or "")
    if not _PIC.fullmatch(pic):
        return "pic", f"“{pic}” is no PIC of nine digits.", "Look it up in the funding portal."
    if not row["name"]:
        return "name", "The organisation has no name.", "Write its legal name."
    project = projects.get(_whole(row["projectID"]))
    if project is None:
        return "projectID", f"Project {row['projectID']} is not in the table of projects.", "Add the project."
    country = row["country"].upper()
    if country and not re.fullmatch("[A-Z]{2}", country):
        return "country", f"“{country}” is no country code.", "Use two letters, as DE."
    each = found.setdefault(pic, Mentions(f"pic{pic}"))
    _count(each, row, country)
    each.projects[project.key] = project
    if row.get("role", "") == "coordinator":
        each.led.add(project.key)
    return None


def _count(each: Mentions, row: Row, country: str) -> None:
    kind = KINDS.get(row.get("activityType", "").upper(), OrganisationKind.OTHER)
    each.names[row["name"]] += 1
    each.countries[country] += 1
    each.regions[nuts_code(row.get("nutsCode", ""))] += 1
    each.kinds[kind] += 1
    each.sizes[_size(row.get("SME", ""), kind)] += 1
    old = each.details
    each.details = Details(
        short_name=old.short_name or row.get("shortName", ""),
        pic=each.key.removeprefix("pic"),
        place=old.place or row.get("city", ""),
        postcode=old.postcode or row.get("postCode", ""),
        website=old.website or row.get("organizationURL", ""),
    )


def _not_before(started: str, ended: str) -> str:
    """The end of a project, empty where the source has it before the beginning."""
    return "" if started and ended < started else ended


def _size(flag: str, kind: str) -> str:
    if flag.lower() in ("true", "1", "yes"):
        return Size.SME
    return Size.LARGE if flag and kind == OrganisationKind.FIRM else Size.UNKNOWN


def _whole(value: str) -> str:
    """`999868144.0`, as spreadsheets write it, is 999868144."""
    return re.sub(r"[.,]0+$", "", value)


def nuts_code(value: str) -> str:
    """A NUTS code of up to five letters, empty for anything else (codes of other numberings are longer)."""
    code = value.strip().upper()
    return code if re.fullmatch(r"[A-Z]{2}[A-Z0-9]{1,3}", code) else ""


def iso_date(value: str) -> str:
    """A date as 2024-05-31, empty where it is none. Reads 2024-05-31, 31/05/2024 and 31.05.2024."""
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"):
        try:
            return dt.datetime.strptime(value.strip()[:10], form).date().isoformat()  # noqa: DTZ007  # a date has no zone
        except ValueError:
            continue
    return ""
