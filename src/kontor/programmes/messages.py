"""What is wrong with a file, as a sentence that keeps its template: whoever shows it may translate it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self


class Message(str):
    """An English sentence made of a template with `{name}` places and of the values that fill them.

    It reads as English wherever a text is wanted. A value may be a Message itself.
    """

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, values: dict[str, object]) -> Self:
        made = super().__new__(cls, template.format(**values))
        made.template, made.values = template, values
        return made

    def __reduce__(self) -> tuple[type[Self], tuple[str, dict[str, object]]]:
        return type(self), (self.template, self.values)

    def translated(self, gettext: Callable[[str], str]) -> str:
        """The sentence in the language that `gettext` puts templates into."""
        shown = {
            name: value.translated(gettext) if isinstance(value, Message) else value
            for name, value in self.values.items()
        }
        return gettext(self.template).format(**shown)


def message(template: str, **values: object) -> Message:
    """Imported as `_`, so that `make messages` gathers the template."""
    return Message(template, values)
