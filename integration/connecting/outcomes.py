"""Every page that a sign-in can end on: status, title, what happened, what to do next. Data, in people's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from integration.connecting.words import NEW_LINK, failure


@dataclass(frozen=True)
class Words:
    """`follow`: seconds after which the page looks again by itself; None where it is final.

    `kind`: what stands above the title (KINDS). `checked` and `then`: what was looked at, and what happens now.
    `in_slack`: what whoever asked for the link finds in their message there.
    """

    status: int
    title: str
    text: str
    next_step: str
    article: str | None = "connect-zoom"
    follow: int | None = None
    kind: str = "bad"
    checked: Sequence[str] = ()
    then: Sequence[str] = ()
    in_slack: str | None = None


NOTHING = "Nothing was connected."
# Above the title: what the style sheet knows it by, and the words.
KINDS: Mapping[str, tuple[str, str]] = {
    "good": ("good", "Connected"),
    "wait": ("warn", "Not finished yet"),
    "over": ("", "Connect link"),
    "bad": ("bad", "Not connected"),
}
SENDS_NEW = "the message in Slack has a button that sends you a new one."

PAGES: Mapping[str, Words] = {
    # How a sign-in goes on.
    "connected": Words(
        200,
        "Zoom is connected",
        "We tried the connection, and it works. The person who asked for the link is told.",
        "You can close this page.",
        "what-retain-does",
        kind="good",
        checked=(
            "The permission can be renewed, so nobody has to sign in again every day.",
            "It covers what Retain needs.",
            "A first read from Zoom worked.",
        ),
        then=(
            "From now on, Retain counts how long Zoom calls really took, instead of their scheduled length.",
            "We ask Zoom about the past months, too. That takes some minutes up to some hours.",
        ),
    ),
    "awaiting": Words(
        200,
        "One more step, in Slack",
        "Zoom has given its permission. The person who asked for the link now confirms in Slack, within 15 minutes, "
        "that this is the right Zoom account.",
        "You can wait here for the answer, or close this page.",
        None,
        follow=10,
        kind="wait",
        in_slack="say in Slack whether it is the right account.",
    ),
    "checking": Words(
        202,
        "Still checking",
        "Zoom has given its permission, and we are testing the connection. That can take a while when Zoom is slow.",
        "You can wait here or close this page: the person who asked for the link is told in Slack how it went.",
        None,
        follow=5,
        kind="wait",
    ),
    "interrupted": Words(
        503,
        "The sign-in was interrupted",
        "Something on our side stopped before the sign-in came to its end. Sorry for that.",
        "Press the button on the link's page once more.",
    ),
    # The link does not work, or no longer.
    "unknown": Words(
        404,
        "This is not a link of ours",
        "There is no connect link at this address. A letter may have got lost on the way.",
        f"Copy the whole link from the message and open it again. {NEW_LINK}",
    ),
    "expired": Words(
        410,
        "This link's time is over",
        "A connect link works for 24 hours, and this one is older. Nothing was connected with it.",
        NEW_LINK,
        kind="over",
        in_slack=SENDS_NEW,
    ),
    "replaced": Words(
        410,
        "There is a newer link",
        "The person who asked for this link has asked for another one since, and only the newest works.",
        "Use the newer link. If you do not have it, ask the person who sent you this one.",
        kind="over",
        in_slack="the newer one is in the same conversation in Slack.",
    ),
    "withdrawn": Words(
        410,
        "This link does not work any more",
        "The person who asked for this link may not connect Zoom for the organisation any more. Nothing was connected "
        "with it.",
        f"An admin of the organisation can get a new link. {NEW_LINK}",
        kind="over",
    ),
    "used": Words(
        410,
        "Zoom was connected with this link",
        "This link was used already: it works once, and it did its work.",
        f"There is nothing to do, unless Zoom needs to be connected again. {NEW_LINK}",
        kind="over",
        in_slack="the message in Slack shows how Zoom stands now; type /retain connect there for a new one.",
    ),
    "rejected": Words(
        410,
        "The Zoom account was turned down",
        "The person who asked for this link said that the Zoom account is not the right one. Nothing was connected, "
        "and nothing of it was kept.",
        NEW_LINK,
        kind="over",
        in_slack=SENDS_NEW,
    ),
    "not_confirmed": Words(
        410,
        "Nobody confirmed in time",
        "The person who asked for this link did not confirm the Zoom account within 15 minutes. Nothing was "
        "connected, and nothing of it was kept.",
        NEW_LINK,
        kind="over",
        in_slack=SENDS_NEW,
    ),
    "not_enabled": Words(
        409,
        "Zoom is not enabled yet",
        "Zoom is not enabled at Retain for this organisation. " + NOTHING,
        "Talk to us, so that we can enable it. The link works after that, as long as it lasts.",
        "zoom-icon-missing",
    ),
    # What came back from Zoom is not to be trusted, or is of no use.
    "state_missing": Words(
        400,
        "Something is missing from this address",
        "People come to this page from Zoom, with a mark that we gave them. This address has none. " + NOTHING,
        f"Open the connect link from the message and press its button. {NEW_LINK}",
    ),
    "state_forged": Words(
        400,
        "This address was not made by us",
        "What came back from Zoom does not carry our signature, or was changed on the way. " + NOTHING,
        f"Open the connect link from the message and press its button. {NEW_LINK}",
    ),
    "state_expired": Words(
        410,
        "That took too long",
        "A sign-in has 15 minutes from the button to the way back. " + NOTHING,
        f"Open the connect link again and press its button. {NEW_LINK}",
    ),
    "older_attempt": Words(
        409,
        "This was an older attempt",
        "The button was pressed again after this sign-in began, so only the newer one counts.",
        f"Go on in the newer window, or open the connect link again. {NEW_LINK}",
    ),
    "wrong_browser": Words(
        403,
        "This is another browser",
        "The sign-in began in one browser and came back in another, or this browser sends us no cookies. " + NOTHING,
        f"Open the connect link in this browser, press its button, and sign in to Zoom here. {NEW_LINK}",
    ),
    "no_code": Words(
        400,
        "Zoom sent no confirmation along",
        "We cannot tell what you answered on Zoom's page. " + NOTHING,
        f"Open the connect link again and press its button. {NEW_LINK}",
    ),
}

# Attempts that failed: the catalogue of causes has the words, these are the headings.
FAILED: Mapping[str, tuple[int, str]] = {
    "not_admin": (403, "A Zoom admin is needed"),
    "account_of_another_tenant": (409, "This Zoom account cannot be connected here"),
    "consent_denied": (403, "The permission was not given"),
    "code_expired": (410, "Zoom's confirmation came too late"),
    "sign_in_cut_off": (503, "Zoom does not answer just now"),
    "invalid_client": (502, "Something is wrong on our side"),
    "redirect_mismatch": (502, "Something is wrong on our side"),
    "scopes_changed": (403, "Zoom allowed less than is needed"),
    "app_disabled": (403, "The app is switched off in Zoom"),
    "app_removed": (403, "The app was removed in Zoom"),
    "user_removed": (403, "This Zoom user was removed"),
    "not_enabled": (409, "Zoom is not enabled yet"),
    "self_test_failed": (502, "The connection did not pass our test"),
}


def words_of(page: str, cause_code: str | None) -> Words:
    """The words of an outcome. One that failed for a reason without a heading has a plain one."""
    if page != "failed":
        return PAGES[page]
    why = failure(cause_code or "unknown")
    status, title = FAILED.get(why.code, (502, "Zoom is not connected"))
    return Words(status, title, why.explanation, why.next_step, why.article)
