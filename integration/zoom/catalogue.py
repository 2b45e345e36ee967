"""Every cause there is for the state of a connection, as data. Explanation and next step are shown to customers.

A cause is *final* when the same grant will not work again, or the same attempt to connect: somebody must act.
It is *ours* when customers can do nothing about it: they are never asked to reconnect for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Who = Literal["tenant_admin", "zoom_admin", "retain", "zoom", "nobody"]

WAIT = "You need not do anything."
RECONNECT = "Ask for a connect link, and have a Zoom admin sign in with it to connect again."
START_AGAIN = "Start again with a new connect link."


@dataclass(frozen=True)
class Cause:
    """`explanation`: one or two plain sentences. `next_step`: what to do now. `article`: a slug of kb/articles."""

    code: str
    final: bool
    who_must_act: Who
    explanation: str
    next_step: str
    article: str
    ours: bool = False


def _ours(code: str, explanation: str, next_step: str) -> Cause:
    return Cause(code, False, "retain", f"Sorry: {explanation}", f"{WAIT} {next_step}", "zoom-unavailable", ours=True)


def _passing(code: str, explanation: str, next_step: str) -> Cause:
    return Cause(code, False, "zoom", explanation, f"{WAIT} {next_step}", "zoom-unavailable")


def _attempt(code: str, explanation: str, next_step: str, article: str = "connect-zoom") -> Cause:
    """One attempt to connect ended; what was connected before is not touched by it."""
    return Cause(code, True, "tenant_admin", explanation, next_step, article)


def _well(code: str, explanation: str) -> Cause:
    return Cause(code, False, "nobody", explanation, WAIT, "connect-button-not-highlighted")


_ALL = (
    # Zoom's side, and it passes.
    _passing(
        "zoom_unavailable",
        "Zoom does not answer us properly at the moment. Your permission is not affected by that.",
        "We keep trying, and go on as soon as Zoom answers.",
    ),
    _passing(
        "rate_limited",
        "Zoom asks us to slow down, because many requests for your Zoom account came at once.",
        "We go on in a moment.",
    ),
    _passing(
        "rate_limited_today",
        "Zoom allows a certain number of requests a day for a Zoom account, shared by all its apps. "
        "Those for today are used up.",
        "We go on as soon as Zoom allows more.",
    ),
    Cause(
        "signed_in_again",
        False,
        "nobody",
        "The Zoom user behind the connection signed in again, which ended the permission from before. "
        "The new one takes its place as soon as that sign-in has come to its end.",
        f"{WAIT} It takes 15 minutes at most, or as long as Zoom does not answer.",
        "reauthorize-zoom",
    ),
    # Our side.
    _ours(
        "invalid_client",
        "Zoom does not accept Retain's app at the moment, because of something on our side. "
        "Your permission is not affected by that.",
        "We have to mend it.",
    ),
    _ours(
        "redirect_mismatch",
        "Zoom could not send you back to us, because an address is set wrongly on our side.",
        "Once we have mended it, a new connect link will work.",
    ),
    _ours(
        "refresh_interrupted",
        "we were interrupted while we renewed the connection to Zoom, and are not sure yet whether it still works.",
        "We find that out by ourselves.",
    ),
    _ours(
        "many_at_once",
        "the connection to Zoom fails for several organisations at once, so the reason does not lie with yours.",
        "We are looking into it.",
    ),
    _ours(
        "token_refused",
        "the key that we use for your Zoom account had run out before we renewed it.",
        "We renew it by ourselves.",
    ),
    _ours(
        "page_expired",
        "we took too long to read a list at Zoom, and have to read it anew.",
        "We do that by ourselves.",
    ),
    _ours(
        "unknown",
        "Zoom turned us down, and we do not know the reason yet.",
        "We are looking into it.",
    ),
    # The permission that Zoom held for us is gone, or does not suffice any more.
    Cause(
        "grant_revoked",
        True,
        "tenant_admin",
        "Zoom no longer accepts the permission that was given to Retain. It was withdrawn, replaced by a newer one, "
        "or ran out: Zoom does not say which.",
        RECONNECT,
        "reauthorize-zoom",
    ),
    Cause(
        "app_removed",
        True,
        "tenant_admin",
        "Zoom no longer lets Retain in, although the connection was renewed a moment before. That happens when the "
        "Retain app is removed from a Zoom account.",
        f"If that was meant, you need not do anything. Otherwise: {RECONNECT[0].lower()}{RECONNECT[1:]}",
        "zoom-app-removed",
    ),
    Cause(
        "uninstalled",
        True,
        "tenant_admin",
        "Zoom told us that the Retain app was uninstalled from your Zoom account. That ended the connection.",
        f"If that was meant, you need not do anything. Otherwise: {RECONNECT[0].lower()}{RECONNECT[1:]}",
        "zoom-app-removed",
    ),
    Cause(
        "app_disabled",
        True,
        "zoom_admin",
        "The Retain app is switched off in your Zoom account.",
        "Ask a Zoom admin to switch the app on again in Zoom. After that, connect again with a new connect link.",
        "zoom-app-removed",
    ),
    Cause(
        "user_removed",
        True,
        "tenant_admin",
        "The Zoom user who connected Retain is no longer in your Zoom account.",
        "Ask for a connect link, and have another Zoom admin sign in with it to connect again.",
        "zoom-user-removed",
    ),
    Cause(
        "scopes_changed",
        True,
        "tenant_admin",
        "What Zoom allows Retain to read no longer fits what the connection needs.",
        "Ask for a connect link, and have a Zoom admin sign in with it and agree to what Zoom lists.",
        "reauthorize-zoom",
    ),
    # An attempt to connect that did not lead to a connection.
    Cause(
        "not_admin",
        True,
        "zoom_admin",
        "The Zoom user who signed in does not have the administrative access that Retain needs.",
        "Pass the connect link on to a Zoom admin. The owner of your Zoom account is one.",
        "connection-failed",
    ),
    Cause(
        "account_of_another_tenant",
        True,
        "retain",
        "This Zoom account is in use at Retain already, so it was not connected here.",
        "Connect with another Zoom account, or talk to us: we will sort it out with you.",
        "contact-support",
    ),
    _attempt(
        "consent_denied",
        "The permission was not given on Zoom's page, so nothing was connected.",
        f"{START_AGAIN} If Zoom asks for an admin's approval, pass the link on to a Zoom admin.",
    ),
    _attempt(
        "code_expired",
        "Zoom's confirmation can be used once, within a few minutes. This one could not be used any more.",
        START_AGAIN,
    ),
    _attempt(
        "state_invalid",
        "What came back from Zoom does not belong to a connect link that was opened here, so nothing was connected.",
        START_AGAIN,
    ),
    _attempt(
        "wrong_browser",
        "The sign-in was started in one browser and came back in another, so nothing was connected.",
        f"{START_AGAIN} Open it and sign in to Zoom in the same browser.",
    ),
    _attempt(
        "link_expired",
        "This connect link was used before, or its time is over.",
        "Ask for a new connect link.",
    ),
    _attempt(
        "link_replaced",
        "A newer connect link was made after this one, and only the newest works.",
        "Use the newer link, or ask for another one.",
    ),
    _attempt(
        "sign_in_cut_off",
        "Zoom's answer did not reach us properly when the sign-in came to its end, so nothing was connected.",
        "Try again in a few minutes.",
        "zoom-unavailable",
    ),
    _attempt(
        "not_confirmed",
        "Nobody confirmed in time that this is the right Zoom account, so it was not connected.",
        f"{START_AGAIN} When you are asked whether the account is the right one, confirm it within 15 minutes.",
    ),
    _attempt(
        "rejected",
        "The Zoom account was turned down as not the right one, so it was not connected.",
        f"{START_AGAIN} Sign in with the Zoom account of your organisation.",
    ),
    _attempt(
        "self_test_failed",
        "Zoom accepted the sign-in, but the connection did not pass our test, so we do not call it connected.",
        f"{START_AGAIN} If it happens again, talk to us: we will look into it with you.",
        "connection-failed",
    ),
    # What people decided.
    Cause(
        "disconnected",
        True,
        "nobody",
        "Zoom was disconnected at Retain, by an admin of your organisation or by our support on request.",
        "If you want to use Zoom again, ask for a connect link.",
        "deauthorize-zoom",
    ),
    Cause(
        "disabled_by_staff",
        True,
        "retain",
        "Zoom is switched off for your organisation at Retain.",
        "Contact us if you would like us to switch it on.",
        "zoom-icon-missing",
    ),
    Cause(
        "not_enabled",
        True,
        "retain",
        "Zoom is not enabled for your organisation yet.",
        "Contact us, so that we can enable it.",
        "zoom-icon-missing",
    ),
    Cause(
        "never_connected",
        True,
        "tenant_admin",
        "Zoom has not been connected for your organisation yet.",
        "Ask for a connect link, and have a Zoom admin sign in with it.",
        "connect-zoom",
    ),
    # All is well.
    _well("connected", "Zoom is connected."),
    _well("restored", "The connection to Zoom works again."),
)

CAUSES: Mapping[str, Cause] = {one.code: one for one in _ALL}
