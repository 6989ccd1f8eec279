"""Signing in happens with passed credentials only, and never asks on the terminal."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from requests.adapters import HTTPAdapter

from sources.errors import AccountSignInError
from sources.f1_account import GUIDANCE, AccountCredentials, account_state, live_timing_adapter

CREDENTIALS = AccountCredentials("me@example.org", "secret")


@pytest.fixture
def token_path(tmp_path: Path) -> Path:
    return tmp_path / "token.json"


def _store(path: Path, expires_in: float) -> None:
    path.write_text(json.dumps({"version": 1, "value": "token", "expires_at": time.time() + expires_in}))


def test_state_says_whether_requests_are_signed_in(token_path: Path) -> None:
    assert account_state(None, token_path) == "not signed in: no credentials and no stored token"
    assert account_state(CREDENTIALS, token_path).startswith("will sign in as me@example.org")
    _store(token_path, -10)
    assert account_state(None, token_path) == "not signed in: the stored token has expired"
    _store(token_path, 10_000)
    assert account_state(None, token_path) == "signed in: a valid token is stored"


def test_password_is_never_shown() -> None:
    assert "secret" not in repr(CREDENTIALS)


def test_without_credentials_requests_are_plain(token_path: Path) -> None:
    assert type(live_timing_adapter(None, token_path)) is HTTPAdapter


def test_stored_token_is_used(token_path: Path) -> None:
    _store(token_path, 10_000)
    assert type(live_timing_adapter(None, token_path)).__name__ == "LivetimingAuthAdapter"


def test_credentials_are_passed_to_fastf1(token_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fastf1.internals.f1account import SubscriptionToken, login

    given: list[Any] = []

    def sign_in(username: str, password: str) -> SubscriptionToken:
        given.append((username, password))
        return SubscriptionToken("token", time.time() + 10_000)

    monkeypatch.setattr(login, "login", sign_in)
    adapter = live_timing_adapter(CREDENTIALS, token_path)
    assert type(adapter).__name__ == "LivetimingAuthAdapter"
    assert given == [("me@example.org", "secret")]


def test_failed_sign_in_says_what_to_do(token_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fastf1.exceptions import F1AuthError
    from fastf1.internals.f1account import login

    def refuse(_username: str, _password: str) -> None:
        raise F1AuthError("wrong password")

    monkeypatch.setattr(login, "login", refuse)
    with pytest.raises(AccountSignInError, match=r"wrong password.*F1_PASSWORD"):
        live_timing_adapter(CREDENTIALS, token_path)


def test_guidance_names_the_settings() -> None:
    assert "F1_USERNAME" in GUIDANCE
    assert "F1_PASSWORD" in GUIDANCE
