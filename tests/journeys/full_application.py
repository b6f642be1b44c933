"""The second step of a call as its applicants walk it: invited, written, signed, handed in."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kontor.base.jobs.run import run_due_jobs
from kontor.features.accounts.models import User
from kontor.features.calls.models import Application, ApplicationPartner

#: What the full application asks, as a browser sends it.
WORK = {
    "f-readiness": "7", "f-consortium": "One knows the chip, the other the market.",
    **{f"f-packages-{at}-{key}": text for at in (0, 1) for key, text in (
        ("id", f"n{at}"), ("name", f"Package {at}"), ("lead", "Lead"), ("from", "1"), ("until", "12"),
        ("result", "It runs."),
    )},
    "f-risks-0-id": "n1", "f-risks-0-risk": "The chip comes late", "f-risks-0-likelihood": "medium",
    "f-risks-0-damage": "high", "f-risks-0-answer": "A second foundry",
}  # fmt: skip
AFTER = {
    "f-exploitation": "Sold by both.", "f-other-aid": "yes", "f-aid-0-id": "n1", "f-aid-0-who": "Lead",
    "f-aid-0-from": "Province", "f-aid-0-amount": "12.500,50", "f-aid-0-granted": "2026-05-04",
}  # fmt: skip


def write_in_full(
    place: SimpleNamespace, officer: Client, signed_in: Callable[[User], Client], user_with: Any
) -> list[Application]:
    """Each of the ten writes what is new, its partner signs, it hands in, and is found eligible again."""
    invited = [team for team in place.teams if team.state == "eligible"]
    for number, team in enumerate(invited):
        officer.post(reverse("calls:invite", args=[team.key]))
        client = signed_in(place.owners[number])
        partner = team.partners.get(role="partner")
        signer = signed_in(user_with("owner", partner.organisation.key, name=f"Partner of {team.number}"))
        for section, told in (("work", WORK), ("after", AFTER)):
            fields = team.call.questions.section(section).fields
            bases = {f"base-{one.key}": "0" for one in fields}
            saved = client.post(reverse("calls:write", args=[team.key, section]), {**told, **bases})
            assert saved.status_code == 302
        if not number:
            _hold_back_and_add_a_file(client, team, partner)
        page = reverse("calls:sign", args=[team.key, partner.key])
        seen = signer.get(page).context["form"]["revision"].value()
        signer.post(page, {"revision": seen, "capacity": "Director", "entitled": "on"})
        seen = client.get(reverse("calls:check-application", args=[team.key])).context["application"].revision
        client.post(reverse("calls:submit", args=[team.key]), {"revision": seen})
        team.refresh_from_db()
        assert (team.state, team.step, team.receipt) == ("submitted", 2, f"{team.number}/2")
        officer.post(
            reverse("calls:eligibility", args=[team.key]), {"verdict": "eligible", "seen": "1", "reason": ""}
        )
    run_due_jobs()
    return invited


def _hold_back_and_add_a_file(client: Client, team: Application, partner: ApplicationPartner) -> None:
    """Nobody hands in what a partner has not signed; a file joins before it does."""
    checked = client.get(reverse("calls:check-application", args=[team.key]))
    missing = [one.text for one in checked.context["problems"]]
    assert missing == [f"{partner.organisation.name} has not signed."]
    client.post(reverse("calls:submit", args=[team.key]))
    team.refresh_from_db()
    assert team.state == "draft"
    paper = SimpleUploadedFile("mkb.pdf", b"%PDF-1.7 we are small")
    client.post(reverse("calls:file-add", args=[team.key, "declarations"]), {"file-declarations": paper})
    told = {one.field: one.value for one in team.answers.all()}
    assert told["aid"][0]["amount"] == "12500.50"
    assert [one["name"] for one in told["declarations"]] == ["mkb.pdf"]
