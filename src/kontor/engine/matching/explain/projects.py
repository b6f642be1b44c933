"""Earlier projects in a sentence, and as proof of it."""

from __future__ import annotations

from collections.abc import Sequence

from kontor.engine.core.explanation import Evidence
from kontor.engine.matching.past import Cooperation

LONGEST_TITLE = 90


def titled(projects: Sequence[Cooperation]) -> tuple[str, ...]:
    """Each as `“Warm milk” (2023)`: a long title cut between two words, the year where it is known."""
    return tuple(_titled(each) for each in projects)


def _titled(project: Cooperation) -> str:
    title = " ".join(project.title.split())
    if len(title) > LONGEST_TITLE:
        space = title.rfind(" ", LONGEST_TITLE // 2, LONGEST_TITLE)
        title = f"{title[: space if space > 0 else LONGEST_TITLE].rstrip(' ,;:-–')} …"
    year = f" ({project.started[:4]})" if project.started else ""
    return f"“{title}”{year}"


def proof_of(projects: Sequence[Cooperation], member: str) -> tuple[Evidence, ...]:
    """The projects themselves; `member` is the organisation whose part in them is told."""
    return tuple(Evidence(member, "", 0, len(each.title), each.title, project=each.key) for each in projects)
