"""The message that follows a connect link along: sent, started, waiting for a word, connected, or what went wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot import blocks
from bot.blocks import Block, Message
from bot.carried import Subject
from bot.connections.status_card import Reader, person, talk_button
from bot.moments import moment
from bot.service.service_api import Link

USAGE = "For whom? Type `/retain connect` and the name of an organisation. You get the link, and pass it on."
OVER = "This link cannot be used any more, so there is nothing to pass on."
ONE_MOMENT = "⏳ One moment: this is being checked with Zoom, which takes a few seconds."
NEXT_OF_CONNECTED = (
    "Nothing more is needed from you. From now on Retain reads how long your Zoom meetings really took, and counts that"
    " instead of their scheduled length. Zoom is asked about past meetings too: /retain status shows how far that is."
)
MAY_BE_PASSED_ON = "You may pass it on to the person who administers your Zoom account, and to nobody else."
WHY_WE_ASK: Mapping[str, str] = {
    "account": (
        "I ask because it is another Zoom account than the one that was connected before. If you say yes, what we know"
        " of calls on the former one is deleted, and the new one is asked about past meetings."
    ),
    "email": "I ask because that e-mail address is neither yours nor one of your organisation's.",
}
FIND_THE_OWNER = (
    "To find the owner of your Zoom account, open {page} and look at Account Management, then Account Profile."
)
ACCOUNT_PAGE = "your Zoom account page"
REPLACED = "⌛ This connect link was replaced by a newer one."
# Causes that are ours to mend: nobody else could do better with the link.
OURS = frozenset(
    (
        "invalid_client", "redirect_mismatch", "refresh_interrupted", "many_at_once", "token_refused", "page_expired",
        "unknown", "account_of_another_tenant",
    )
)  # fmt: skip
TALK_TO_US = OURS | {"self_test_failed", "not_enabled"}
ASK_AN_ADMIN = (
    "Hello, could you connect our Zoom account to Retain? In Slack, type /retain connect: you get a private link. The"
    " person who signs in with it must be an admin in Zoom."
)


@dataclass(frozen=True)
class LinkCard:
    """A link as it is shown. `url` is its address, where that is still known; it is shown while it can be used."""

    link: Link
    reader: Reader
    read_more: Message | None = None
    url: str | None = None
    account_page: str | None = None

    def message(self) -> Message:
        """How far the link has come, and what can be done now. For one person's eyes: never for a channel."""
        states: Mapping[str, Callable[[], Message]] = {
            "sent": self._sent,
            "started": self._started,
            "awaiting_confirmation": self._awaiting,
            "connected": self._connected,
            "failed": lambda: self._ended("❌", f"Zoom was not connected for {self.link.tenant_name}"),
            "rejected": lambda: self._ended("❌", f"Zoom was not connected for {self.link.tenant_name}"),
            "expired": self._expired,
        }
        return states.get(self.link.state, self._sent)()

    def _sent(self) -> Message:
        by_staff = self.link.made_by != self.link.requested_by
        opening = "Retain's support made this link for you." if by_staff else "You asked for this link."
        what = f"{opening} It connects the Zoom account of {self.link.tenant_name} to Retain."
        return blocks.joined(_title("🔗", f"Connect Zoom for {self.link.tenant_name}", what), self._usable())

    def _started(self) -> Message:
        testing = self.link.forward is None  # Zoom's permission has come: the link is used up
        what = "Testing the connection to Zoom" if testing else "Connecting Zoom"
        title = f"{what} for {self.link.tenant_name}"
        return blocks.joined(_title("⏳", title, self.link.explanation or ""), self._usable())

    def _usable(self) -> Message | None:
        """The link itself, and what holds for it."""
        if self.url is None or self.link.forward is None:
            return None
        until = moment(self.link.expires_at, self.reader.zone)
        shown = blocks.section(f"<{blocks.escape(self.url)}>") | {"block_id": blocks.URL_BLOCK}
        once = f"It works once, until {until}."
        if self.link.cause in OURS:
            return blocks.joined(Message(self.url, (shown,)), blocks.small(once))
        return blocks.joined(
            Message(self.url, (shown,)),
            blocks.small(f"{once} {MAY_BE_PASSED_ON}"),
            blocks.pressing(self._forward()),
        )

    def _awaiting(self) -> Message:
        name, user = self.link.tenant_name, self.link.zoom_user
        whose = (person(user.name, user.email) if user else "") or "Somebody whose name Zoom did not tell"
        why = WHY_WE_ASK.get((user.why if user else None) or "", "")
        value = Subject(link=self.link.id).packed()
        yes = blocks.confirm(f"Connect Zoom for {name}?", f"Signed in: {whose}.", "Yes, connect it", "Not yet")
        no = blocks.confirm("Not the right account?", "Then nothing is connected, and the link ends.", "That is wrong")
        by = self.link.confirm_by
        until = f" I wait until {moment(by, self.reader.zone)}." if by else ""
        return blocks.joined(
            _title("✋", f"Is this the right Zoom account for {name}?", f"Signed in at Zoom: {whose}.", why),
            blocks.small(f"{self._replacing()}Nothing is connected until you say so.{until}"),
            blocks.pressing(
                blocks.button("Yes, connect it", blocks.CONFIRM, value, style="primary", confirm=yes),
                blocks.button("No, that is wrong", blocks.REJECT, value, style="danger", confirm=no),
            ),
        )

    def _replacing(self) -> str:
        whose = self.link.replaces
        return f"It would take the place of the connection that works now ({whose}). " if whose else ""

    def _connected(self) -> Message:
        checked = "I checked it: the permission was renewed, it covers what is needed, and a first read worked."
        show = blocks.button("Show status", f"{blocks.STATUS_OF}link", Subject(tenant=self.link.tenant).packed())
        return blocks.joined(
            _title("✅", f"Zoom is connected for {self.link.tenant_name}", checked),
            blocks.small(NEXT_OF_CONNECTED),
            blocks.pressing(show),
        )

    def _expired(self) -> Message:
        if self.link.cause == "link_replaced":
            return blocks.small(f"{REPLACED} It was for {self.link.tenant_name}.")
        return self._ended("⌛", f"The connect link for {self.link.tenant_name} is over")

    def _ended(self, symbol: str, title: str) -> Message:
        usable = self._usable()
        again = blocks.button("Send a new link", blocks.SEND_LINK, Subject(tenant=self.link.tenant).packed())
        talk = talk_button(f"{title}. {self.link.explanation or ''}")
        offered = [talk] if self.link.cause in TALK_TO_US else []
        return blocks.joined(
            _title(symbol, title, self.link.explanation or "", self.link.next_step or ""),
            usable,
            find_the_owner(self.account_page) if self.link.cause == "not_admin" else None,
            self.read_more,
            blocks.pressing(*offered, *([] if usable else [again])),
        )

    def _forward(self) -> Block:
        value = Subject(link=self.link.id, tenant=self.link.tenant).packed()
        return blocks.button("Ask my Zoom admin", blocks.FORWARD, value)


def find_the_owner(account_page: str | None) -> Message:
    """How to find the owner of a Zoom account, who is an admin in Zoom."""
    link = f"<{blocks.escape(account_page)}|{ACCOUNT_PAGE}>" if account_page else ACCOUNT_PAGE
    return Message(FIND_THE_OWNER.format(page=ACCOUNT_PAGE), (blocks.context(FIND_THE_OWNER.format(page=link)),))


def forward_text(text: str, url: str | None, account_page: str | None = None) -> Message:
    """What to pass on to the person who administers Zoom, ready to be copied."""
    whole = f"{text}\n\n{url}" if url else text
    copied = Message(whole, (blocks.section(f"```{blocks.escape(whole)}```"),))
    return blocks.joined(
        blocks.titled("A text for your Zoom admin", "Copy it, and send it to the person who administers your Zoom."),
        copied,
        find_the_owner(account_page),
    )


def _title(symbol: str, title: str, *lines: str) -> Message:
    return blocks.titled(f"{symbol} {title}", *(line for line in lines if line))
