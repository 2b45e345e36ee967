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
from bot.staff import Staff
from bot.surfaces import Body, acknowledge, tell

MOST_SHOWN = 10
ALL_ARRIVED = "In the last seven days every message reached whom it was for."
WHAT_NEXT = (
    "I do not send these again. Where somebody has to know, please write to them in another way. Whose answers did not"
    " arrive, and what they asked, stands in `/retain queue answered`."
)
KINDS: Mapping[str, str] = {
    "backfill.finished": "That past meetings were read",
    "connect_link.changed": "How a connect link stands",
    "connection.changed": "News of a connection to Zoom",
    "question.unanswered": "The answer to a question",
    "staff.notice": "A notice to the staff",
    "support_request.answered": "An answer to a support request",
    "support_request.changed": "A change of a support request's card",
    "support_request.closed": "That a support request was closed without an answer",
    "support_request.late": "That an answer comes late",
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
            return listed(tenancy_of(desk).integration.notifications.undelivered(asker.behalf), desk.staff)

        tell(body, client, respond, attempt(shown, "look up what reached nobody", again_button(body)))

    app.action(blocks.SHOW_UNDELIVERED, middleware=[acknowledge])(show)


def listed(found: Sequence[Undelivered], staff: Staff) -> Message:
    """What it was, for whom, and why it is not known to have arrived; newest first."""
    if not found:
        return blocks.plain(ALL_ARRIVED)
    more = len(found) - MOST_SHOWN
    return blocks.joined(
        blocks.titled(f"{count(len(found), 'message')} reached nobody, or may not have"),
        blocks.joined(*(_line(one, staff) for one in found[:MOST_SHOWN])),
        blocks.small(f"And {more} earlier.") if more > 0 else None,
        blocks.marked(WHAT_NEXT, as_small=True),
    )


def _line(one: Undelivered, staff: Staff) -> Message:
    what = f"• {moment(one.at, None)}: {KINDS.get(one.kind, one.kind)}, for "
    perhaps = "may have arrived" if one.state == "possibly_delivered" else "did not arrive"
    why = REASONS.get(one.reason or "", one.reason or "")
    end = f", {perhaps}" + (f" ({why})" if why else "")
    plain, shown = _for_whom(one.place, staff)
    return Message(f"{what}{plain}{end}", (blocks.section(f"{blocks.escape(what)}{shown}{blocks.escape(end)}"),))


def _for_whom(place: str | None, staff: Staff) -> tuple[str, str]:
    """In plain words, and as Slack draws it: it knows names of one's own workspace only."""
    if place == "staff":
        return "the staff's channel", "the staff's channel"
    try:
        where = Place.parse(place or "")
    except ValueError:
        return "anybody", "anybody"
    mark = {"U": "@", "W": "@", "C": "#", "G": "#"}.get(where.channel[0])
    if where.team != staff.team or mark is None:
        words = f"somebody in the workspace {where.team}"
        return words, blocks.escape(words)
    return where.channel, f"<{mark}{blocks.escape(where.channel)}>"
