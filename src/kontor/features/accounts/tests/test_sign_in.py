"""Signing in: by mail link, by password, with a second factor; and what strangers learn (nothing)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from kontor.base.jobs import run_due_jobs
from kontor.base.models import Job
from kontor.features.accounts.models import SignInLink, User

MakeUser = Callable[..., User]
PASSWORD = "seven green herons"


def mailed_link(language: str = "") -> str:
    run_due_jobs()
    found = re.search(r"http://\S+", str(mail.outbox[-1].body))
    assert found
    return found.group().replace("http://localhost:8000", "")


def signed_in_as(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_link_signs_in_once_and_leads_back(user_with: MakeUser, client: Client) -> None:
    user = user_with(email="ada@example.org", name="Ada")
    answer = client.post("/sign-in/", {"email": "ADA@example.org", "next": "/account/"})
    assert answer["Location"] == "/sign-in/sent/"
    link = mailed_link()
    assert (mail.outbox[0].to, "Ada" in str(mail.outbox[0].body)) == (["ada@example.org"], True)
    # a mail scanner opens the link: nothing happens
    assert client.get(link).status_code == 200
    assert signed_in_as(client) is None
    assert client.post(link)["Location"] == "/account/"
    assert signed_in_as(client) == str(user.pk)
    assert Client().post(link).status_code == 410


def test_link_is_not_kept_anywhere(user_with: MakeUser, client: Client) -> None:
    user_with(email="ada@example.org")
    client.post("/sign-in/", {"email": "ada@example.org"})
    secret = mailed_link().rstrip("/").rpartition("/")[2]
    assert len(secret) == 43
    assert SignInLink.objects.get().digest != secret
    assert secret not in str(list(Job.objects.values()))


def test_old_link_is_refused(user_with: MakeUser, client: Client) -> None:
    user_with(email="ada@example.org")
    client.post("/sign-in/", {"email": "ada@example.org"})
    link = mailed_link()
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=21)):
        assert client.post(link).status_code == 410
    assert signed_in_as(client) is None


def test_using_one_link_burns_the_others(user_with: MakeUser, client: Client) -> None:
    user_with(email="ada@example.org")
    client.post("/sign-in/", {"email": "ada@example.org"})
    first = mailed_link()
    client.post("/sign-in/", {"email": "ada@example.org"})
    client.post(mailed_link())
    assert Client().post(first).status_code == 410


@pytest.mark.django_db
def test_stranger_and_person_get_the_same_answer(user_with: MakeUser) -> None:
    user_with(email="ada@example.org")
    known = Client().post("/sign-in/", {"email": "ada@example.org"})
    unknown = Client().post("/sign-in/", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    run_due_jobs()
    assert [message.to for message in mail.outbox] == [["ada@example.org"]]
    wrong = [
        Client().post("/sign-in/", {"email": e, "password": "x"})
        for e in ("ada@example.org", "no@example.org")
    ]
    changing = r'value="[^"]*"|"X-CSRFToken": "[^"]*"'
    bodies = [re.sub(changing, "", answer.content.decode()) for answer in wrong]
    assert bodies[0] == bodies[1]


def test_inactive_person_gets_no_link(user_with: MakeUser, client: Client) -> None:
    user_with(email="ada@example.org", is_active=False)
    client.post("/sign-in/", {"email": "ada@example.org"})
    run_due_jobs()
    assert mail.outbox == []


def test_nobody_can_fill_a_letter_box(user_with: MakeUser, client: Client) -> None:
    user_with(email="ada@example.org")
    for _number in range(8):
        client.post("/sign-in/", {"email": "ada@example.org"})
    run_due_jobs()
    assert len(mail.outbox) == 5


def test_mail_is_in_the_recipients_language(user_with: MakeUser, client: Client, settings: Any) -> None:
    user_with(email="ada@example.org", language="de")
    seen = []
    settings.LOCALE_PATHS = []
    from django.utils import translation

    real = translation.override.__enter__

    def note(self: Any) -> Any:
        seen.append(self.language)
        return real(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(translation.override, "__enter__", note)
        client.post("/sign-in/", {"email": "ada@example.org"}, headers={"Accept-Language": "nl"})
    assert "de" in seen


def test_password_signs_in(user_with: MakeUser, client: Client) -> None:
    user = user_with(email="ada@example.org", password=PASSWORD)
    assert user.password.startswith("argon2$argon2id")
    answer = client.post("/sign-in/", {"email": "ada@example.org", "password": PASSWORD})
    assert (answer["Location"], signed_in_as(client)) == ("/", str(user.pk))


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere(user_with: MakeUser, client: Client, target: str) -> None:
    user_with(email="ada@example.org", password=PASSWORD)
    answer = client.post("/sign-in/", {"email": "ada@example.org", "password": PASSWORD, "next": target})
    assert answer["Location"] == "/"


def test_wrong_passwords_lock_out_with_a_clear_page(user_with: MakeUser, client: Client) -> None:
    user_with(email="ada@example.org", password=PASSWORD)
    for _number in range(8):
        answer = client.post("/sign-in/", {"email": "ada@example.org", "password": "wrong"})
    assert answer.status_code == 429
    answer = client.post("/sign-in/", {"email": "ada@example.org", "password": PASSWORD})
    assert (answer.status_code, signed_in_as(client)) == (429, None)
    assert "15 minutes" in answer.content.decode()
    user_with(email="eve@example.org", password=PASSWORD)
    body = {"email": "eve@example.org", "password": PASSWORD}
    assert Client().post("/sign-in/", body).status_code == 302  # others behind the same address go on
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=16)):
        assert client.post("/sign-in/", {"email": "ada@example.org", "password": PASSWORD}).status_code == 302


def test_sign_out_needs_a_post(user_with: MakeUser, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(user_with())
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    assert signed_in_as(client) is None


@pytest.mark.parametrize("address", ["/account/", "/account/tokens/", "/jobs/", "/roles/", "/audit/"])
def test_anonymous_is_led_to_sign_in_and_back(db: None, client: Client, address: str) -> None:
    assert client.get(address)["Location"] == f"/sign-in/?next={address.replace('/', '%2F')}"


def test_htmx_takes_the_whole_page_to_sign_in(db: None, client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/jobs/?page=2"}
    answer = client.get("/jobs/", headers=headers)
    assert answer["HX-Redirect"] == "/sign-in/?next=%2Fjobs%2F%3Fpage%3D2"


class TestSecondFactor:
    """With KONTOR_MFA switched on, an authenticator app guards both ways of signing in."""

    @pytest.fixture(autouse=True)
    def switched_on(self, settings: Any) -> None:
        settings.MFA = True

    def enrol(self, client: Client) -> str:
        from allauth.mfa.adapter import get_adapter
        from allauth.mfa.models import Authenticator
        from allauth.mfa.totp.internal.auth import (
            format_hotp_value,
            hotp_value,
            yield_hotp_counters_from_time,
        )

        page = client.get("/account/second-factor/totp/activate/")
        assert page.status_code == 200
        secret = re.search(r'value="([A-Z2-7]{32})"', page.content.decode())
        assert secret
        code = format_hotp_value(hotp_value(secret[1], next(iter(yield_hotp_counters_from_time()))))
        answer = client.post("/account/second-factor/totp/activate/", {"code": code})
        assert answer.status_code == 302
        stored = Authenticator.objects.get(type=Authenticator.Type.TOTP)
        assert get_adapter().decrypt(stored.data["secret"]) == secret[1]
        return secret[1]

    def test_totp_is_enrolled_and_asked_for(self, user_with: MakeUser) -> None:
        from allauth.mfa.totp.internal.auth import (
            format_hotp_value,
            hotp_value,
            yield_hotp_counters_from_time,
        )

        user = user_with(email="ada@example.org", password=PASSWORD)
        client = Client()
        client.post("/sign-in/", {"email": "ada@example.org", "password": PASSWORD})
        assert signed_in_as(client) == str(user.pk)
        secret = self.enrol(client)
        later = timezone.now() + dt.timedelta(minutes=2)
        with time_machine.travel(later):
            second = Client()
            answer = second.post(
                "/sign-in/", {"email": "ada@example.org", "password": PASSWORD, "next": "/account/"}
            )
            assert (answer["Location"], signed_in_as(second)) == (
                "/account/second-factor/authenticate/",
                None,
            )
            assert second.get("/account/").status_code == 302
            assert second.get(answer["Location"]).status_code == 200
            assert second.post(answer["Location"], {"code": "000000"}).status_code == 200
            assert signed_in_as(second) is None
            code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
            assert second.post(answer["Location"], {"code": code})["Location"] == "/account/"
            assert signed_in_as(second) == str(user.pk)

    def test_mail_link_asks_for_it_too(self, user_with: MakeUser) -> None:
        user_with(email="ada@example.org", password=PASSWORD)
        client = Client()
        client.post("/sign-in/", {"email": "ada@example.org", "password": PASSWORD})
        self.enrol(client)
        second = Client()
        second.post("/sign-in/", {"email": "ada@example.org"})
        assert second.post(mailed_link())["Location"] == "/account/second-factor/authenticate/"
        assert signed_in_as(second) is None

    @pytest.mark.parametrize("page", ["", "webauthn/", "webauthn/add/", "totp/activate/"])
    def test_pages_of_the_factors_open(self, user_with: MakeUser, page: str) -> None:
        user_with(email="ada@example.org", password=PASSWORD)
        client = Client()
        client.post("/sign-in/", {"email": "ada@example.org", "password": PASSWORD})
        assert client.get(f"/account/second-factor/{page}").status_code == 200


def test_second_factor_is_closed_while_switched_off(
    user_with: MakeUser, signed_in: Callable[[User], Client]
) -> None:
    assert signed_in(user_with()).get("/account/second-factor/").status_code == 403
