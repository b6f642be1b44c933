"""Errors that people read: what is wrong, where, and what to do about it."""

from __future__ import annotations

from typing import Any


class KontorError(Exception):
    """A failure with a stable `code`, the `path` to the offending value and a `remedy`.

    `status` is the HTTP status under which a page or the API answers it. Texts may be lazy translations;
    they are turned into strings when shown, in the reader's language.
    """

    def __init__(
        self, message: object = "", *, code: str, path: str = "", remedy: object = "", status: int = 400
    ) -> None:
        super().__init__(message or code)
        self.message = message or code
        self.code = code
        self.path = path
        self.remedy = remedy
        self.status = status

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()

    def as_dict(self) -> dict[str, Any]:
        """The one error shape of the API and of `--json` on the command line."""
        return {
            "error": {
                "code": self.code,
                "message": str(self.message),
                "path": self.path,
                "remedy": str(self.remedy),
            }
        }


class Conflict(KontorError):
    """Somebody else changed the thing in between (409)."""

    def __init__(
        self, message: object, *, code: str = "conflict", path: str = "", remedy: object = ""
    ) -> None:
        super().__init__(message, code=code, path=path, remedy=remedy, status=409)
