"""Markdown of an article as HTML, as Slack's markup and as plain text, with the settings filled in.

In every output: a link whose target is an unset setting is its label alone, and an unset setting in running
text becomes words such as "Retain support". HTML in an article is shown as the text it is.
"""

from urllib.parse import quote

from kb.article import Article
from kb.headings import Heading, anchored, best_heading
from kb.lines import PLAIN, SLACK, write
from kb.markup import parse, parser
from kb.settings import SiteSettings

__all__ = ["Heading", "article_url", "headings", "to_html", "to_slack", "to_text"]


def to_html(markdown: str, settings: SiteSettings) -> str:
    """Safe HTML. Headings carry the ids that `headings` gives; links within the help centre stay relative."""
    tokens = parse(markdown, settings, absolute=False)
    for (token, _), anchor in zip(anchored(tokens), _anchors(markdown), strict=True):
        token.attrSet("id", anchor)
    html: str = parser().renderer.render(tokens, parser().options, {})
    return html


def to_slack(markdown: str, settings: SiteSettings) -> str:
    """Slack's mrkdwn: nothing in it mentions, links or formats but what the article's markdown says."""
    return write(parse(markdown, settings, absolute=True), SLACK)


def to_text(markdown: str, settings: SiteSettings) -> str:
    """Plain text, as a screen reader reads it aloud: link targets stand in brackets behind their label."""
    return write(parse(markdown, settings, absolute=True), PLAIN)


def headings(article: Article) -> tuple[Heading, ...]:
    """The headings of an article's body, in order, with the anchors that `to_html` gives them."""
    tokens = parse(article.body, SiteSettings(), absolute=True)
    titles = (heading.title for _, heading in anchored(tokens))
    return tuple(map(Heading, _anchors(article.body), titles))


def article_url(article: Article, settings: SiteSettings, question: str = "") -> str | None:
    """The article's address in the help centre, at the section that fits the question if one clearly does.

    None where HELP_URL is unset.
    """
    if settings.help_url is None:
        return None
    url = f"{settings.help_url}/help/{quote(article.slug, safe='')}"
    heading = best_heading(parser().parse(article.body), article.title, question) if question else None
    return f"{url}#{quote(heading.anchor, safe='')}" if heading else url


def _anchors(markdown: str) -> list[str]:
    """Anchors come from the markdown as written, so that no setting changes an address."""
    return [heading.anchor for _, heading in anchored(parser().parse(markdown))]
