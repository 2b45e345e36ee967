"""What the bot says to a question: an answer, a choice, or an honest "I don't know", always with a way to a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot import blocks
from bot.blocks import Block, Message
from bot.carried import ButtonValue, Unsure
from bot.courtesies import Courtesy
from bot.facts import Facts
from bot.service.service_api import Role
from kb import render, support_hours
from kb.article import Article
from kb.languages import ONLY_ENGLISH, languages
from kb.library import Library
from kb.search import Answer
from kb.settings import SiteSettings

NOT_SURE = "I am not sure which of these you mean. Choose one:"
PERHAPS = "I am not sure that I understand. Do you mean this?"
WORTH_OFFERING = 0.05  # confidence; what is below would only distract
UNKNOWN = (
    "I don't know the answer to that. I answer general questions about Retain's Zoom integration;"
    " what concerns your own account or connection, a person can look up."
)
NO_FACTS = Facts()
IN_GENERAL = "In general:"
KIND_WORDS: dict[Courtesy, str] = {
    "thanks": "You're welcome. Ask me again whenever something about Zoom and Retain is unclear.",
    "goodbye": "Goodbye. I am here whenever something about Zoom and Retain is unclear.",
}
HELP = (
    blocks.ASK_HINT,
    "• In a direct message: just ask",
    "• In a channel: mention me and ask; for a follow-up, mention me again",
    "• `/retain ask` and your question: the answer is for your eyes only",
    "• `/retain support`: hand your question over to a person",
    "• On any message: _More actions_ › _Ask Retain_",
)
_OWN_STATUS = "• `/retain status`: how your organisation's Zoom connection stands"
_INTEGRATIONS = "• `/retain integrations`: your integrations page, with all of it in one place"
_NOTIFICATIONS = "• `/retain notifications`: what I tell you by myself"
HELP_OF: Mapping[Role, tuple[str, ...]] = {
    Role.NOBODY: (),
    Role.MEMBER: (_OWN_STATUS, _INTEGRATIONS, _NOTIFICATIONS),
    Role.ADMIN: (
        _OWN_STATUS,
        _INTEGRATIONS,
        "• `/retain connect`: a private link that connects Zoom",
        "• `/retain duration` and a meeting's link or id: how long it counts, and why",
        "• `/retain hours last month`: your meeting hours by customer",
        _NOTIFICATIONS,
    ),
    Role.STAFF: (
        "• `/retain status` and a customer's name: how their Zoom connection stands",
        "• `/retain integrations` and a customer's name: their integrations page",
        "• `/retain connect` and a customer's name: a link for you to pass on",
        "• `/retain duration`, a customer's name and a meeting's link or id: how long it counts, and why",
        "• `/retain hours`, a customer's name and `last month`: their meeting hours",
        "• `/retain desk`: what needs somebody now, and the pages with all of it",
        "• `/retain queue`: who waits for an answer, by the time that is left",
        "• `/retain sla`, or with `last month`: how often we answered in time",
        _NOTIFICATIONS,
        "• `/retain gaps`: what was asked and not answered well",
        "• `/retain incident` and what is wrong: a notice on top of answers, status cards and help pages",
    ),
}
SUBJECT = quote("Zoom integration")
LONGEST_MAILTO = 1500  # characters, encoded


@dataclass(frozen=True)
class Asked:
    """What a reply depends on besides the knowledge base. `now` is aware; `zone` is the asker's, None if unknown."""

    text: str
    now: datetime
    zone: ZoneInfo | None = None
    question_id: str | None = None


class Replies:
    """Composes messages. Holds no state of its own and asks nobody."""

    def __init__(self, library: Library, site: SiteSettings) -> None:
        self._library = library
        self._site = site

    def unsure(self, answer: Answer, asked: Asked) -> Message:
        """The message where the search found no article for sure."""
        if answer.status == "suggested":
            worth = [candidate for candidate in answer.candidates if candidate.confidence >= WORTH_OFFERING]
            offered = worth or answer.candidates  # "zoom" may mean any of them: one alone would be a guess
            return self._choice([candidate.article for candidate in offered], asked)
        return self._unknown(asked) if answer.language is None else self._only_english(answer.language, asked)

    def article(self, article: Article, asked: Asked, facts: Facts = NO_FACTS) -> Message:
        """What is known of the asker's own organisation, the short answer in general, and "Was this helpful?"."""
        footer = (blocks.pressing(*facts.buttons), self._footer(asked, article.slug))
        if facts.enough:
            return blocks.joined(facts.above, self.read_more(article.slug), *footer)
        url = render.article_url(article, self._site, asked.text)
        title = f"{IN_GENERAL} {article.title}" if facts.above else article.title
        answer = Message(
            f"{title}\n\n{render.to_text(article.summary, self._site)}",
            (blocks.section(f"*{blocks.escape(title)}*\n{render.to_slack(article.summary, self._site)}"),),
        )
        whole = blocks.linked("Read the whole article", url) if url else None
        above = blocks.joined(facts.above, blocks.DIVIDER) if facts.above else None
        below = blocks.joined(blocks.DIVIDER, facts.below) if facts.below else None
        return blocks.joined(above, answer, whole, below, *footer)

    @property
    def account_page(self) -> str | None:
        """The address of Zoom's page on which an account's owner stands."""
        return self._site.zoom_account_url

    def read_more(self, slug: str | None, opening: str = "Read more: ") -> Message | None:
        """A link to an article, if there is such an article and an address for it."""
        article = self._library.articles.get(slug or "")
        url = render.article_url(article, self._site) if article else None
        return blocks.linked(f"{opening}{article.title}", url) if article and url else None

    def person(self, asked: Asked) -> Message:
        """How to reach a person, and when they respond."""
        contact, link = self._contact(asked.text)
        when = support_hours.describe_respond_by(asked.now, asked.zone)
        due = f"Write now and you get a response {when}."
        hours = f"{support_hours.describe(asked.now, asked.zone)}."
        shown = [blocks.section(f"*Talk to a person*\n{link} {due}"), blocks.context(blocks.escape(hours))]
        if asked.text.strip():
            shown.append(blocks.context(f"Your question: {blocks.quoted(asked.text)}"))
        return Message(f"{contact} {due} {hours}", tuple(shown))

    def offer(self, asked: Asked) -> Message:
        """The button that hands over to a person, and when that one answers."""
        when = support_hours.describe_respond_by(asked.now, asked.zone)
        said = f"A person at Retain answers {when}. Press the button and say what it is about."
        button = blocks.pressing(self._person_button(asked, style="primary"))
        hours = blocks.small(f"{support_hours.describe(asked.now, asked.zone)}.")
        return blocks.joined(blocks.plain(said), button, hours)

    @property
    def contact(self) -> str:
        """Where else to write, such as "Write to support@retain.example."."""
        return self._contact("")[0]

    def courtesy(self, kind: Courtesy) -> Message:
        """A kind word back."""
        return blocks.plain(KIND_WORDS[kind])

    def help(self, asked: Asked, role: Role) -> Message:
        """What the bot is for, how to ask, and what somebody of this role can do here."""
        lines = ["*I am Retain's bot. I answer questions about Retain's Zoom integration.*", *HELP, *HELP_OF[role]]
        hours = f"{support_hours.describe(asked.now, asked.zone)}."
        text = "\n".join([*lines, hours])
        return Message(text, (blocks.section("\n".join(lines)), blocks.context(blocks.escape(hours))))

    def _contact(self, text: str) -> tuple[str, str]:
        """Where to write, as plain text and as a link that fills in the question."""
        address = self._site.support_email or self._site.representative_contact
        if address is None:
            nobody = "Write to the person at Retain who looks after your account."
            return nobody, nobody
        if "@" not in address:
            plain = f"Contact your Retain representative: {address}."
            return plain, blocks.escape(plain)
        question = quote(text)
        # A cut in the middle of an encoded character would break the link: a long question is left out.
        body = f"&body={question}" if question and len(question) <= LONGEST_MAILTO else ""
        link = f"<mailto:{address}{blocks.escape(f'?subject={SUBJECT}{body}')}|{blocks.escape(address)}>"
        return f"Write to {address}.", f"Write to {link}."

    def _choice(self, slugs: list[str], asked: Asked) -> Message:
        titles = [self._library.article(slug).title for slug in slugs]
        opening = NOT_SURE if len(slugs) > 1 else PERHAPS
        buttons = [
            blocks.button(
                title,
                f"{blocks.CHOOSE_ARTICLE}_{number}",
                ButtonValue.of(asked.question_id, slug, asked.text).packed(),
            )
            for number, (slug, title) in enumerate(zip(slugs, titles, strict=True))
        ]
        person = self._person_button(asked, unsure="suggested")
        shown = (
            blocks.section(opening),
            blocks.actions([*buttons, person]),
            blocks.context(blocks.escape(self._due(asked, "None of these?"))),
        )
        return Message("\n".join([opening, *(f"• {title}" for title in titles), self._due(asked)]), shown)

    def _unknown(self, asked: Asked) -> Message:
        return blocks.joined(blocks.plain(UNKNOWN), self._instead(asked, "unknown"))

    def _only_english(self, language: str, asked: Asked) -> Message:
        """In the asker's language, and in English for the others who read it."""
        says = languages()[language].says
        said = Message(f"{says}\n{ONLY_ENGLISH}", (blocks.section(says), blocks.context(ONLY_ENGLISH)))
        return blocks.joined(said, self._instead(asked, "language"))

    def _instead(self, asked: Asked, unsure: Unsure) -> Message:
        """A person, where there is no answer."""
        due = self._due(asked)
        button = self._person_button(asked, unsure=unsure)
        return Message(due, (blocks.actions([button]), blocks.context(blocks.escape(due))))

    def _footer(self, asked: Asked, slug: str) -> Message:
        value = ButtonValue.of(asked.question_id, slug, asked.text).packed()
        buttons = [
            blocks.button("👍 Yes", blocks.HELPFUL, value, accessibility_label="Yes, this was helpful"),
            blocks.button("👎 No", blocks.NOT_HELPFUL, value, accessibility_label="No, this was not helpful"),
            self._person_button(asked, slug),
        ]
        footer = (
            blocks.context("Was this helpful?") | {"block_id": blocks.FEEDBACK_QUESTION_BLOCK},
            blocks.actions(buttons, blocks.FEEDBACK_BLOCK),
            blocks.context(blocks.escape(self._due(asked))),
        )
        return Message(self._due(asked), footer)

    def _person_button(
        self, asked: Asked, slug: str | None = None, *, unsure: Unsure | None = None, **more: object
    ) -> Block:
        value = ButtonValue.of(asked.question_id, slug, asked.text, unsure).packed()
        return blocks.button("Talk to a person", blocks.TALK_TO_PERSON, value, **more)

    def _due(self, asked: Asked, opening: str = "Need a person?") -> str:
        when = support_hours.describe_respond_by(asked.now, asked.zone)
        return f"{opening} Ask one now and you get a response {when}."
