"""The committed description of the API: docs/api/openapi.json."""

from __future__ import annotations

import json

from kontor.web.api import api


def document() -> str:
    """OpenAPI 3.1 as JSON text, keys sorted, with the file's last newline."""
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False, default=str) + "\n"
