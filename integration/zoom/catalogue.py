"""Every cause there is for the state of a connection, as data, in words for people.

An explanation speaks to nobody in particular; what to do next depends on who reads it.

A cause is *final* when the same grant will not work again, or the same attempt to connect: somebody must act.
It is *ours* when customers can do nothing about it: they are never asked to reconnect for it.
"""

from collections.abc import Mapping

from integration.zoom.wording import CONNECT, IF_MEANT, NEW_LINK, SAME_LINK, SEND, WAIT, Cause


def _ours(code: str, explanation: str, next_step: str, staff_step: str | None = None) -> Cause:
    step = f"{WAIT} {next_step}"
    return Cause(code, False, "retain", explanation, step, "zoom-unavailable", ours=True, staff_step=staff_step)


def _passing(code: str, explanation: str, next_step: str) -> Cause:
    return Cause(code, False, "zoom", explanation, f"{WAIT} {next_step}", "zoom-unavailable")


def _gone(code: str, explanation: str, next_step: str, article: str, staff_step: str = SEND) -> Cause:
    """What Zoom permitted is gone for good: they have to connect again."""
    return Cause(code, True, "tenant_admin", explanation, next_step, article, staff_step=staff_step)


def _attempt(
    code: str, explanation: str, next_step: str, article: str = "connect-zoom", staff_step: str | None = None
) -> Cause:
    """One attempt to connect ended; what was connected before is not touched by it."""
    return Cause(code, True, "tenant_admin", explanation, next_step, article, staff_step=staff_step)


def _well(code: str, explanation: str) -> Cause:
    return Cause(code, False, "nobody", explanation, WAIT, "connect-button-not-highlighted")


_ALL = (
    # Zoom's side, and it passes.
    _passing(
        "zoom_unavailable",
        "Zoom does not answer us properly at the moment. The permission is not affected by that.",
        "We keep trying, and go on as soon as Zoom answers.",
    ),
    _passing(
        "rate_limited",
        "Zoom asks us to slow down, because many requests for one Zoom account came at once.",
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
        "The permission is not affected by that.",
        "We have to mend it.",
        "Run `python -m integration doctor`: it checks what our app is set to.",
    ),
    _ours(
        "redirect_mismatch",
        "Zoom could not send people back to us, because an address is set wrongly on our side.",
        "We have to mend it.",
        "Register our address at Zoom: `python -m integration doctor` says which.",
    ),
    _ours(
        "refresh_interrupted",
        "We were interrupted while we renewed the connection to Zoom, and are not sure yet whether it still works.",
        "We find that out by ourselves.",
    ),
    _ours(
        "many_at_once",
        "The connection to Zoom fails for several organisations at once, so none of them is the reason.",
        "We are looking into it.",
        "Look at our app at Zoom; each connection is tried again by itself.",
    ),
    _ours(
        "token_refused",
        "The key that we use for the Zoom account had run out before we renewed it.",
        "We renew it by ourselves.",
    ),
    _ours(
        "sealed",
        "We keep what Zoom gives us locked away, and cannot open it at the moment.",
        "We are looking into it.",
        "Put the key back that is missing in ENCRYPTION_KEYS; the log names it.",
    ),
    _ours(
        "page_expired",
        "We took too long to read a list at Zoom, and have to read it anew.",
        "We do that by ourselves.",
    ),
    _ours(
        "unknown",
        "Zoom turned us down, and we do not know the reason yet.",
        "We are looking into it.",
        "Look at the log, and at the connection's history.",
    ),
    # The permission that Zoom held for us is gone, or does not suffice any more.
    _gone(
        "grant_revoked",
        "Zoom no longer accepts the permission that was given to Retain. It was withdrawn, replaced by a newer one, "
        "or ran out: Zoom does not say which.",
        CONNECT,
        "reauthorize-zoom",
    ),
    _gone(
        "app_removed",
        "Zoom no longer lets Retain in, although the connection was renewed a moment before. That happens when the "
        "Retain app is removed from a Zoom account.",
        f"{IF_MEANT} get a connect link, and have a Zoom admin open it and sign in.",
        "zoom-app-removed",
        f"{IF_MEANT} send an admin of theirs a connect link.",
    ),
    _gone(
        "uninstalled",
        "Zoom told us that the Retain app was uninstalled from the Zoom account. That ended the connection.",
        f"{IF_MEANT} get a connect link, and have a Zoom admin open it and sign in.",
        "zoom-app-removed",
        f"{IF_MEANT} send an admin of theirs a connect link.",
    ),
    Cause(
        "app_disabled",
        True,
        "zoom_admin",
        "The Retain app is switched off in the Zoom account.",
        "Ask a Zoom admin to switch the app on again in Zoom. After that, connect again with a new connect link.",
        "zoom-app-removed",
        staff_step="A Zoom admin of theirs has to switch the app on again. After that, send them a connect link.",
    ),
    _gone(
        "user_removed",
        "The Zoom user who connected Retain is no longer in the Zoom account.",
        "Get a connect link, and have another Zoom admin open it and sign in.",
        "zoom-user-removed",
    ),
    _gone(
        "scopes_changed",
        "What Zoom allows Retain to read no longer fits what the connection needs.",
        "Get a connect link, and have a Zoom admin open it, sign in, and agree to all that Zoom lists.",
        "reauthorize-zoom",
    ),
    # An attempt to connect that did not lead to a connection.
    Cause(
        "not_admin",
        True,
        "zoom_admin",
        "The Zoom user who signed in does not have the administrative access that Retain needs.",
        "Pass the connect link on to a Zoom admin. The owner of the Zoom account is one.",
        "connection-failed",
    ),
    Cause(
        "account_of_another_tenant",
        True,
        "retain",
        "This Zoom account is in use at Retain already, so it was not connected here.",
        "Talk to us: we will sort it out with you. Or sign in with another Zoom account.",
        "contact-support",
        staff_step="Find out whose Zoom account it is: our notice says which other organisation uses it.",
    ),
    _attempt(
        "consent_denied",
        "The permission was not given on Zoom's page, so nothing was connected.",
        f"{SAME_LINK} If Zoom asks for an admin's approval, pass the link on to a Zoom admin.",
    ),
    _attempt(
        "code_expired",
        "Zoom's confirmation can be used once, within a few minutes. This one could not be used any more.",
        SAME_LINK,
    ),
    _attempt(
        "link_expired",
        "This connect link was used before, or its time is over.",
        "Ask for a new connect link.",
    ),
    _attempt(
        "link_withdrawn",
        "Whoever asked for this connect link may not connect Zoom for the organisation any more, so the link ended.",
        "An admin of the organisation can get a new connect link.",
    ),
    _attempt(
        "link_replaced",
        "A newer connect link took the place of this one.",
        "Use the newer link.",
    ),
    _attempt(
        "sign_in_cut_off",
        "Zoom's answer did not reach us properly when the sign-in came to its end, so nothing was connected.",
        "Try again in a few minutes, with the same link.",
        "zoom-unavailable",
    ),
    _attempt(
        "not_confirmed",
        "Nobody confirmed in time that this is the right Zoom account, so it was not connected.",
        f"{NEW_LINK} When you are asked whether the account is the right one, confirm it within 15 minutes.",
    ),
    _attempt(
        "rejected",
        "The Zoom account was turned down as not the right one, so it was not connected.",
        f"{NEW_LINK} Sign in with the right Zoom account.",
    ),
    _attempt(
        "self_test_failed",
        "Zoom accepted the sign-in, but the connection did not pass our test, so we do not call it connected.",
        f"{SAME_LINK} If it happens again, talk to us: we will look into it with you.",
        "connection-failed",
        f"{SAME_LINK} If it happens again, look at the log.",
    ),
    # What people decided.
    Cause(
        "disconnected",
        True,
        "nobody",
        "Zoom was disconnected at Retain.",
        "If Zoom is to be used again, an admin of your organisation connects it with a new connect link.",
        "deauthorize-zoom",
        staff_step="If they want to use Zoom again, send an admin of theirs a connect link.",
    ),
    Cause(
        "disabled_by_staff",
        True,
        "retain",
        "Zoom is switched off at Retain.",
        "Talk to us if you would like us to switch it on.",
        "zoom-icon-missing",
        staff_step="If they want to use Zoom again, enable it.",
    ),
    Cause(
        "not_enabled",
        True,
        "retain",
        "Zoom is not enabled yet.",
        "Talk to us, so that we can enable it.",
        "zoom-icon-missing",
        staff_step="Enable Zoom. After that, an admin of theirs can connect it.",
    ),
    _gone(
        "never_connected",
        "Zoom has not been connected yet.",
        CONNECT,
        "connect-zoom",
    ),
    # All is well.
    _well("connected", "Zoom is connected."),
    _well("restored", "The connection to Zoom works again."),
)

CAUSES: Mapping[str, Cause] = {one.code: one for one in _ALL}
