"""Signing in to the Formula 1 account, as FastF1 3.9 does it, and what to tell people about it.

Requests to livetiming.formula1.com may carry a token of an F1 TV subscription. FastF1 signs in with a user
name and a password, keeps the token in the user's data folder, and asks without one where there is none;
then its mirror (``livetiming-mirror.fastf1.dev``) is the second choice. Credentials are passed in here;
reading them from the environment belongs to the settings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from requests.adapters import BaseAdapter, HTTPAdapter

from sources.errors import AccountSignInError
from sources.fastf1_engine import fastf1_cache_state

if TYPE_CHECKING:
    from fastf1.internals.f1account import SubscriptionToken

GUIDANCE = """\
Formula 1 account: not needed for races that FastF1's mirror has; recent sessions may be served only to
signed-in F1 TV subscribers.
  - Set F1_USERNAME and F1_PASSWORD to the account's e-mail address and password; FastF1 uses the same names.
  - The token is kept in FastF1's folder of your user data, readable by you alone, and renewed when it
    expires.
  - Without an account everything still works from a mirror: or fastf1-cache: source, and online for what the
    upstream or FastF1's mirror serves to everybody.
  - The password is sent to id.formula1.com only, and is never stored or logged by f1lake."""
"""Text of ``f1lake doctor``."""


@dataclass(frozen=True)
class AccountCredentials:
    """User name and password of a Formula 1 account."""

    username: str
    password: str = field(repr=False)


def account_state(credentials: AccountCredentials | None, token_path: Path | None = None) -> str:
    """Return in one line whether live-timing requests will be signed in.

    Args:
        credentials: Credentials from the settings; null where there are none.
        token_path: File of the stored token; FastF1's own by default.
    """
    from fastf1.internals.f1account import TokenManager

    stored = TokenManager(_refuse_sign_in, token_path).get_stored()
    if stored is not None and stored.is_valid():
        return "signed in: a valid token is stored"
    if credentials is not None:
        return f"will sign in as {credentials.username} at the first live-timing request"
    if stored is not None:
        return "not signed in: the stored token has expired"
    return "not signed in: no credentials and no stored token"


def live_timing_adapter(
    credentials: AccountCredentials | None, token_path: Path | None = None
) -> BaseAdapter:
    """Return the transport for live-timing requests: with a token where one can be had, else plain.

    Args:
        credentials: Credentials from the settings; null where there are none.
        token_path: File of the stored token; FastF1's own by default.

    Raises:
        AccountSignInError: If there are credentials, and signing in with them fails.
    """
    from fastf1.exceptions import F1AuthError
    from fastf1.internals.f1account import LivetimingAuthAdapter, TokenManager

    tokens = TokenManager(_sign_in_with(credentials), token_path)
    stored = tokens.get_stored()
    if credentials is None and (stored is None or not stored.is_valid()):
        return HTTPAdapter()
    try:
        with fastf1_cache_state():
            tokens.get()
    except F1AuthError as error:
        raise AccountSignInError(
            f"signing in to the Formula 1 account failed: {error}. Check F1_USERNAME and F1_PASSWORD, or "
            "unset them to go on without an account"
        ) from error
    adapter: BaseAdapter = LivetimingAuthAdapter(tokens)
    return adapter


def _sign_in_with(credentials: AccountCredentials | None) -> Callable[[], SubscriptionToken]:
    """Return FastF1's sign-in with these credentials; it never asks on the terminal."""
    if credentials is None:
        return _refuse_sign_in

    def sign_in() -> SubscriptionToken:
        from fastf1.internals.f1account.login import login

        return login(credentials.username, credentials.password)

    return sign_in


def _refuse_sign_in() -> SubscriptionToken:
    from fastf1.exceptions import F1AuthError

    raise F1AuthError("no credentials are set")
