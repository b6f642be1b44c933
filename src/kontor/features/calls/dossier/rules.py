"""Who may sign, arrange, ask for amendments and answer them.

| who | may |
| --- | --- |
| owner of a partner's organisation | sign for it while it is a draft, take the signature back |
| editor of the lead, manager of its cluster | say who answers for a section, record a signature on paper |
| editor of the organisation that answers for a section | say that it is done |
| manager of the programme, administrator | ask for amendments, change the deadline, withdraw the question |
| editor of the lead or of a partner | write an amendment that is asked for |
| who submits the application | hand an amendment in |
"""

from __future__ import annotations

from typing import Any

from kontor.base.permissions import predicate
from kontor.features.accounts.rules import edits_organisation, owns_organisation
from kontor.features.calls.models import Application, ApplicationPartner, SectionOwner
from kontor.features.calls.rules import may_begin_for, may_read_application, may_write_application


def _signs(user: Any, partner: ApplicationPartner | None) -> bool:
    """The owner of the organisation itself; nobody signs for another one."""
    if partner is None or partner.removed_at is not None:
        return False
    return bool(owns_organisation.test(user, partner.organisation))


def _arranges(user: Any, application: Application | None) -> bool:
    return application is not None and bool(may_begin_for.test(user, application.lead))


def _finishes(user: Any, owner: SectionOwner | None) -> bool:
    if owner is None:
        return False
    return bool(edits_organisation.test(user, owner.organisation)) or _arranges(user, owner.application)


def _takes_over(user: Any, application: Application | None) -> bool:
    """Writes answers of it, from elsewhere too."""
    return application is not None and bool(may_write_application.test(user, application))


may_sign = predicate(_signs, "may_sign_application")
may_arrange = predicate(_arranges, "may_arrange_application")
may_finish_section = predicate(_finishes, "may_finish_section")
may_take_over = predicate(_takes_over, "may_take_answers_over")
may_read_papers = may_read_application
