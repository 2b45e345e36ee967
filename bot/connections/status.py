"""How an organisation stands with Zoom, for those who may know: `/retain status`, "Show my status", "Verify now"."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from slack_bolt import App, BoltContext, Respond
from slack_sdk import WebClient

from bot import blocks, finding
from bot.acting import again_button, asker_of, attempt, service_of, tenancy_of
from bot.asking import Desk
from bot.blocks import Message
from bot.carried import Subject
from bot.connections import status_card
from bot.connections.disconnecting import deleted
from bot.moments import moment
from bot.naming import by_whom
from bot.service.service_api import Event
from bot.surfaces import Body, acknowledge, open_modal, replace, stays, tell
from bot.tenancy import Asker

USAGE = "Whose status? Type `/retain status` and the name of an organisation."
OWN_ONLY = "This is your own organisation: I show you no other. To ask a question, type /retain ask and your question."
CHECKING = "⏳ Checking with Zoom. This takes a few seconds."
NOTHING_YET = "Nothing has happened to this connection yet."
MOST_EVENTS = 20
DOING = "look up the connection"


def register(app: App, desk: Desk) -> None:
    """Add the listeners."""

    def show(body: Body, context: BoltContext, client: WebClient, respond: Respond) -> None:
        tell(body, client, respond, attempt(lambda: of_subject(desk, body, context, client), DOING))

    def show_chosen(body: Body, context: BoltContext, client: WebClient, respond: Respond) -> None:
        put = replace if body.get("container", {}).get("is_ephemeral") else tell
        put(body, client, respond, attempt(lambda: of_subject(desk, body, context, client), DOING))

    def verify(body: Body, context: BoltContext, client: WebClient, respond: Respond) -> None:
        replace(body, client, respond, blocks.plain(CHECKING))
        again = again_button(body)
        shown = attempt(lambda: of_subject(desk, body, context, client, live=True), DOING, again)
        replace(body, client, respond, shown)

    def show_history(body: Body, context: BoltContext, client: WebClient) -> None:
        open_modal(body, client, attempt(lambda: _history(desk, body, context, client), "look up the history"))

    def enable(body: Body, context: BoltContext, client: WebClient, respond: Respond) -> None:
        again = again_button(body)
        replace(body, client, respond, attempt(lambda: _enable(desk, body, context, client), "enable Zoom", again))

    for action, listener in (
        (blocks.SHOW_STATUS, show),
        (re.compile(rf"^{blocks.STATUS_OF}\w+$"), show_chosen),
        (blocks.VERIFY, verify),
        (blocks.HISTORY, show_history),
        (blocks.ENABLE_ZOOM, enable),
    ):
        app.action(action, middleware=[acknowledge])(listener)


def by_command(desk: Desk, rest: str, body: Body, context: BoltContext, client: WebClient) -> Message:
    """`/retain status`, with a name behind it where staff ask."""
    again = blocks.button("Try again", f"{blocks.STATUS_OF}again", Subject.asked(rest).packed())

    def look() -> Message:
        asker = asker_of(desk, body, context, client)
        if asker.is_staff:
            return _by_name(desk, asker, rest, client) if rest else blocks.plain(USAGE)
        shown = of_tenant(desk, asker, asker.tenant, client, stays=False)
        another = rest and rest.casefold() not in (asker.tenant, asker.tenant_name.casefold())
        return blocks.joined(shown, blocks.small(OWN_ONLY)) if another and asker.tenant else shown

    return attempt(look, DOING, again)


def of_tenant(
    desk: Desk, asker: Asker, tenant: str | None, client: WebClient, *, stays: bool, live: bool = False
) -> Message:
    """The card of one organisation, as far as the service lets this person see it, in a message that `stays`."""
    if asker.why_nobody or tenant is None:
        return blocks.plain(asker.why_nobody or USAGE)
    status = service_of(desk).status(asker.behalf, tenant, live=live)
    reader = desk.reader(asker.actor, client, at_home=tenant == asker.tenant, stays=stays)
    return status_card.card(status, reader, desk.replies.read_more(status.article), live=live)


def of_subject(desk: Desk, body: Body, context: BoltContext, client: WebClient, *, live: bool = False) -> Message:
    """The card of what a button is about; the asker's own organisation where it names none."""
    asker, subject = _clicked(desk, body, context, client)
    if subject.query and asker.is_staff:
        return _by_name(desk, asker, subject.query, client)
    return of_tenant(desk, asker, subject.tenant or asker.tenant, client, stays=stays(body), live=live)


def _by_name(desk: Desk, asker: Asker, query: str, client: WebClient) -> Message:
    found = finding.find(tenancy_of(desk), asker, query)
    one = finding.the_one(found)
    if one is not None:
        return of_tenant(desk, asker, one.id, client, stays=False)
    return finding.did_you_mean(query, found, blocks.STATUS_OF, lambda tenant: Subject(tenant=tenant.id).packed())


def _history(desk: Desk, body: Body, context: BoltContext, client: WebClient) -> Message:
    asker, subject = _clicked(desk, body, context, client)
    events = service_of(desk).events(asker.behalf, subject.needed("tenant"))
    reader = desk.reader(asker.actor, client)
    told = [*_without_repeats(events)][:MOST_EVENTS]
    lines = [_line(event, times, reader, by_whom(event.actor, asker.actor, desk.staff)) for event, times in told]
    return blocks.joined(blocks.titled("What happened to the connection"), *(lines or [blocks.plain(NOTHING_YET)]))


def _without_repeats(events: Sequence[Event]) -> Iterator[tuple[Event, int]]:
    """The latest of those that say the same one after the other, and how many they are."""
    for _, same in groupby(events, key=lambda event: (event.kind, event.cause, event.summary, event.actor)):
        latest, *earlier = same
        yield latest, 1 + len(earlier)


def _line(event: Event, times: int, reader: status_card.Reader, by: Message | None) -> Message:
    what = [f"{event.summary or event.kind}{f' ({times} times; this is the last)' if times > 1 else ''}"]
    if event.receipt is not None and (words := deleted(event.receipt)):
        what.append(f"Deleted: {words}.")
    return blocks.joined(blocks.titled(moment(event.at, reader.zone), *what), by)


def _enable(desk: Desk, body: Body, context: BoltContext, client: WebClient) -> Message:
    asker, subject = _clicked(desk, body, context, client)
    tenant = subject.needed("tenant")
    service_of(desk).enable_zoom(asker.behalf, tenant)
    return of_tenant(desk, asker, tenant, client, stays=stays(body))


def _clicked(desk: Desk, body: Body, context: BoltContext, client: WebClient) -> tuple[Asker, Subject]:
    subject = Subject.unpacked(body["actions"][0].get("value"))
    return asker_of(desk, body, context, client), subject
