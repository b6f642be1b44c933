"""`kontor --help` tells a newcomer what each command does."""

from __future__ import annotations

from kontor.cli.lazy import OWN, SITE, registered


def test_each_registered_command_has_its_own_line_of_help() -> None:
    assert [name for name in sorted(registered()) if name not in {*OWN, *SITE}] == []
    assert len(set(SITE.values())) == len(SITE)
