"""Addresses of sign-in, account, tokens, people and roles; they hang under the site's root."""

from __future__ import annotations

from kontor.features.accounts.views import account, erasing, people, sign_in, tokens

app_name = "accounts"
urlpatterns = [
    *sign_in.urlpatterns,
    *account.urlpatterns,
    *tokens.urlpatterns,
    *erasing.urlpatterns,
    *people.urlpatterns,
]
