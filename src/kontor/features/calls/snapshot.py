"""An application as it is handed in: a JSON text whose SHA-256 the receipt names.

See docs/formats/application.md.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from kontor.base.models import Attachment
from kontor.features.calls.completeness import State, shown_answers
from kontor.features.calls.problem import team
from kontor.programmes.team_file import team_json


def snapshot_of(state: State, *, receipt: str, at: dt.datetime, by: str) -> dict[str, Any]:
    """Everything an assessor may need, as plain values; later changes of the directory do not touch it."""
    row = state.application
    call = row.call
    return {
        "format": 1,
        "receipt": receipt,
        "number": row.number,
        "submitted_at": at.astimezone(dt.UTC).isoformat(),
        "submitted_by": by,
        "call": {
            "key": call.key,
            "title": call.title,
            "programme": call.definition or call.programme.key,
            "version": call.version.number if call.version else None,
            "instrument": row.instrument or call.instrument,
        },
        "form": {"key": state.form.key, "version": state.form.version},
        "step": row.step,
        "title": row.title,
        "language": row.language,
        "lead": {"key": row.lead.key, "name": row.lead.name},
        "themes": row.themes,
        **({"main_theme": row.main_theme} if row.main_theme else {}),
        **({"theme_shares": row.theme_shares} if row.theme_shares else {}),
        "kets": row.kets,
        "months": row.months,
        "requested": str(sum((one.grant for one in state.partners if one.grant), start=0)),
        "partners": [_partner(one) for one in state.partners],
        "team": team_json(team(row, state.partners)),
        "answers": _with_hashes(state),
    }


def canonical(snapshot: dict[str, Any]) -> bytes:
    """The text that is hashed and downloaded: keys in order, no spaces, UTF-8."""
    return json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(snapshot: dict[str, Any]) -> str:
    """SHA-256 of `canonical`, in hexadecimal digits."""
    return hashlib.sha256(canonical(snapshot)).hexdigest()


def _partner(one: Any) -> dict[str, Any]:
    return {
        "key": one.key,
        "organisation": one.organisation.key,
        "name": one.organisation.name,
        "country": one.organisation.country,
        "role": one.role,
        "region": one.region,
        "cost": None if one.cost is None else str(one.cost),
        "grant": None if one.grant is None else str(one.grant),
        "signed_by": one.signed_by,
        "signed_at": one.signed_at.isoformat() if one.signed_at else None,
    }


def _with_hashes(state: State) -> dict[str, Any]:
    """Files with the hash of their bytes, so that the receipt covers them too."""
    answers = shown_answers(state)
    kinds = {one.key: one.kind for one in state.form.fields()}
    named = [file["key"] for key, value in answers.items() if kinds[key] == "file" for file in value]
    hashes = dict(Attachment.objects.filter(key__in=named).values_list("key", "sha256")) if named else {}
    return {
        key: [{**file, "sha256": hashes.get(file["key"], "")} for file in value]
        if kinds[key] == "file"
        else value
        for key, value in answers.items()
    }
