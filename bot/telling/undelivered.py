"""What reached nobody, or may not have: shown to staff, so that they tell the people another way."""

from collections.abc import Mapping, Sequence

from slack_bolt import App, BoltContext, Respond
from slack_sdk import WebClient

from bot import blocks
from bot.acting import again_button, asker_of, attempt, tenancy_of
from bot.asking import Desk
from bot.blocks import Message
from bot.inquiry import Place
from bot.meetings.amounts import count
from bot.moments import moment
from bot.service.notification_service import Undelivered
from bot.surfaces import Body, acknowledge, tell

MOST_SHOWN = 10
ALL_ARRIVED = "In the last seven days every message reached whom it was for."
WHAT_NEXT = (
    "I do not send these again. Where somebody has to know, please write to them another way; a request's own card"
    " shows which of its answers are concerned."
)
KINDS: Mapping[str, str] = {
    "backfill.finished": "That past meetings were read",
    "connect_link.changed": "How a connect link stands",
    "connection.changed": "News of a connection to Zoom",
    "question.unanswered": "The answer to a question",
    "staff.notice": "A notice to the staff",
    "support_request.answered": "An answer to a support request",
    "support_request.changed": "A change of a support request's card",
    "support_request.opened": "A new support request",
    "support_request.reminder": "A reminder of a support request",
    "support_request.wrote": "What the asker of a support request wrote",
}
REASONS: Mapping[str, str] = {
    "account_inactive": "the app was removed there",
    "channel_not_found": "that channel is gone, or I am not in it",
    "invalid_auth": "the app's token is not valid any more",
    "is_archived": "that channel is archived",
    "not_in_channel": "I am not in that channel",
    "restricted_action": "only some people may post there",
    "token_revoked": "the app's token was revoked",
    "user_disabled": "the person has left",
    "user_not_found": "the person has left",
    "users_not_found": "the person has left",
}


def register(app: App, desk: Desk) -> None:
    """Add the listener."""

    def show(body: Body, context: BoltContext, client: WebClient, respond: Respond) -> None:
        def shown() -> Message:
            asker = asker_of(desk, body, context, client)
            return listed(tenancy_of(desk).integration.notifications.undelivered(asker.behalf))

        tell(body, client, respond, attempt(shown, "look up what reached nobody", again_button(body)))

    app.action(blocks.SHOW_UNDELIVERED, middleware=[acknowledge])(show)


def listed(found: Sequence[Undelivered]) -> Message:
    """What it was, for whom, and why it is not known to have arrived; newest first."""
    if not found:
        return blocks.plain(ALL_ARRIVED)
    more = len(found) - MOST_SHOWN
    return blocks.joined(
        blocks.titled(f"{count(len(found), 'message')} reached nobody, or may not have"),
        blocks.lines(*(_line(one) for one in found[:MOST_SHOWN])),
        blocks.small(f"And {more} earlier.") if more > 0 else None,
        blocks.small(WHAT_NEXT),
    )


def _line(one: Undelivered) -> str:
    what = KINDS.get(one.kind, one.kind)
    perhaps = "may have arrived" if one.state == "possibly_delivered" else "did not arrive"
    why = REASONS.get(one.reason or "", one.reason or "")
    return f"• {moment(one.at, None)}: {what}, {_for_whom(one.place)}, {perhaps}" + (f" ({why})" if why else "")


def _for_whom(place: str | None) -> str:
    """Slack draws only names of one's own workspace, so ids have to do."""
    if place == "staff":
        return "for the staff's channel"
    try:
        where = Place.parse(place or "")
    except ValueError:
        return "for anybody"
    return f"for {where.channel} in the workspace {where.team}"
