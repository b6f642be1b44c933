"""The format `kontor-jury/1`: see docs/formats/jury.md."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kontor.engine.core.errors import InvalidInput
from kontor.engine.core.records import Schema, file_schema, list_of, listed, read_object, record, schema_of
from kontor.engine.juries.model import Application, Bid, Conflict, Expert, Pair, Params, Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = "kontor-jury/1"
DEFAULTS = ("reviews", "reviews_max", "load_min", "load_max")
LISTS = {"conflicts": Conflict, "fixed": Pair, "bids": Bid, "previous": Pair}

FitOf = Callable[[Sequence[str], Sequence[str]], "NDArray[np.float64]"]
"""Fit between the texts of applications (rows) and of experts (columns), 0 to 1."""


def read_jury(path: Path, fit_of: FitOf | None = None) -> tuple[Problem, Params]:
    """A jury's problem and how it is to be solved. Where the file has no `fit`, `fit_of` works it out from
    the texts. Raises InvalidInput with the place and the remedy.
    """
    params = [each.name for each in fields(Params)]
    content = read_object(
        path, FORMAT, ["title", *DEFAULTS, *params, "applications", "experts", "fit", *LISTS]
    )
    applications = _people(Application, content, "applications", ("reviews", "reviews_max"))
    experts = _people(Expert, content, "experts", ("load_min", "load_max"))
    problem = Problem(
        applications=applications,
        experts=experts,
        fit=_fit(content, applications, experts, fit_of),
        **{name: listed(kind, content, name) for name, kind in LISTS.items()},
    )
    return problem, record(Params, {name: content[name] for name in params if name in content}, "")


def _people(
    kind: type[Any], content: dict[str, Any], name: str, defaults: tuple[str, ...]
) -> tuple[Any, ...]:
    items = content.get(name)
    if not isinstance(items, list) or not items:
        raise InvalidInput(name, "There is none.", "Write [ … ] with one object each.")
    general = {key: content[key] for key in defaults if key in content}
    made = []
    for number, item in enumerate(items):
        plain = {k: v for k, v in item.items() if k != "text"} if isinstance(item, dict) else item
        made.append(record(kind, plain, f"{name}[{number}]", general))
    return tuple(made)


def _fit(
    content: dict[str, Any],
    applications: tuple[Application, ...],
    experts: tuple[Expert, ...],
    fit_of: FitOf | None,
) -> NDArray[np.float64]:
    given = content.get("fit")
    if isinstance(given, list):
        return _matrix(given, len(applications), len(experts))
    if isinstance(given, dict):
        return _sparse(given, applications, experts)
    if given is not None:
        raise InvalidInput("fit", "It is neither a matrix nor an object.", "See docs/formats/jury.md.")
    if fit_of is None:
        raise InvalidInput("fit", "It is missing.", "Give a matrix, or a number per application and expert.")
    return fit_of(_texts(content, "applications"), _texts(content, "experts"))


def _texts(content: dict[str, Any], name: str) -> list[str]:
    texts = [item.get("text", "") for item in content[name]]
    for number, text in enumerate(texts):
        if not isinstance(text, str) or not text.strip():
            remedy = "Describe it in a few sentences, or give the file a “fit”."
            raise InvalidInput(f"{name}[{number}].text", "There is neither fit nor text.", remedy)
    return texts


def _matrix(given: list[Any], rows: int, columns: int) -> NDArray[np.float64]:
    if len(given) != rows:
        raise InvalidInput(
            "fit", f"It has {len(given)} rows for {rows} applications.", "Give a row for each."
        )
    for number, row in enumerate(given):
        if not isinstance(row, list) or len(row) != columns:
            raise InvalidInput(
                f"fit[{number}]", f"It is not a list of {columns} numbers.", "Give one per expert."
            )
        for place, value in enumerate(row):
            _number(value, f"fit[{number}][{place}]")
    return np.array(given, np.float64).reshape(rows, columns)


def _sparse(
    given: dict[str, Any], applications: tuple[Application, ...], experts: tuple[Expert, ...]
) -> NDArray[np.float64]:
    row_of = {each.key: number for number, each in enumerate(applications)}
    column_of = {each.key: number for number, each in enumerate(experts)}
    fit = np.zeros((len(applications), len(experts)))
    for application, values in given.items():
        if application not in row_of or not isinstance(values, dict):
            remedy = "Use a key of applications, with an object of experts and numbers."
            raise InvalidInput(
                f"fit.{application}", "There is no such application, or it is no object.", remedy
            )
        for expert, value in values.items():
            path = f"fit.{application}.{expert}"
            if expert not in column_of:
                raise InvalidInput(path, "There is no such expert.", "Use a key of experts.")
            fit[row_of[application], column_of[expert]] = _number(value, path)
    return fit


def _number(value: Any, path: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInput(path, f"“{value}” is no number.", "Use a value from 0 to 1.")
    return float(value)


def jury_schema() -> Schema:
    """Draft 2020-12."""
    count, text = {"type": "integer", "minimum": 0}, {"type": "string"}
    people = {"applications": list_of(Application), "experts": list_of(Expert)}
    for name, defaults in (("applications", ("reviews",)), ("experts", ("load_max",))):
        item = people[name]["items"]
        item["properties"]["text"] = text
        item["required"] = [each for each in item["required"] if each not in defaults]
    share = {"type": "number", "minimum": 0, "maximum": 1}
    matrix = {"type": "array", "items": {"type": "array", "items": share}}
    sparse = {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": share}}
    return file_schema(
        "Jury",
        FORMAT,
        {
            "title": text,
            **dict.fromkeys(DEFAULTS, count),
            **schema_of(Params)["properties"],
            **people,
            "fit": {"anyOf": [matrix, sparse]},
            **{name: list_of(kind) for name, kind in LISTS.items()},
        },
        ("applications", "experts"),
    )
