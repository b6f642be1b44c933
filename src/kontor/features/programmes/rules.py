"""Who may see and who may change programmes.

| who | sees | changes |
| --- | --- | --- |
| anybody | published versions | nothing |
| manager of the programme | also its draft | it, and its money |
| administrator | everything | everything |
"""

from __future__ import annotations

from kontor.features.accounts.rules import is_administrator, is_programme_manager, manages_programme

may_edit = is_administrator | manages_programme
may_add = is_administrator
may_manage_some = is_administrator | is_programme_manager
