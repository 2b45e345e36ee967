"""All there is to see: every page in every state, as data. Tests of the pages and `make screenshots` go through it.

A place's path may name what tests/support/pages/seed.py made, such as `{late}`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.support.pages.tenants import NAMES as TENANTS

NOBODY = "nobody"  # a browser in which nobody is signed in


@dataclass(frozen=True)
class Place:
    """A page in one state. `sees` stands on it; `who` is one of PEOPLE, or nobody.

    `presses`: the button that leads there from the page at `path`, once `types` is typed into its fields.
    """

    name: str
    path: str
    sees: str
    who: str = NOBODY
    status: int = 200
    presses: str | None = None
    types: Mapping[str, str] = field(default_factory=dict)


HELP = (
    Place("help-home", "/", "Help with Retain and Zoom"),
    Place("help-found", "/?q=conect+zoom+agian", "fit"),
    Place("help-found-nothing", "/?q=capital+of+mongolia", "Nothing here fits"),
    Place("help-other-language", "/?q=אני+צריך+עזרה", "נא לשאול שוב באנגלית"),
    Place("help-article", "/help/reauthorize-zoom?q=again", "Was this helpful?"),
    Place("help-article-long", "/help/connect-zoom", "Was this helpful?"),
    Place("help-hours", "/help/support-hours", "Coming days that are not as usual"),
    Place("help-voted-yes", "/help/connect-zoom", "Thank", presses="Yes"),
    Place("help-voted-no", "/help/connect-zoom", "What was missing?", presses="No"),
    Place("help-missing", "/help/nothing", "There is no help page at this address", status=404),
    Place("offline", "/offline", "You are offline"),
)
SUPPORT = (
    Place("support", "/support", "Talk to a person"),
    Place("support-about", "/support?about=connect-zoom", "You come from"),
    Place(
        "support-faults",
        "/support",
        "Nothing is sent yet",
        status=422,
        presses="Send it",
        types={"question": "", "email": "nobody"},
    ),
    Place("support-received", "/support/{received}", "We have your message"),
    Place("support-missing", f"/support/{'0' * 32}", "There is no such request", status=404),
)
SIGN_IN = (
    Place("sign-in", "/sign-in/{sign_in}", "Open your page for Acme Corp"),
    Place("sign-in-used", "/sign-in/{sign_in_used}", "This link was used already", status=410),
    Place("sign-in-late", "/sign-in/{sign_in_late}", "This link is too old", status=410),
    Place("sign-in-unknown", "/sign-in/nothing", "There is no such link", status=404),
    Place("sign-in-needed", "/reports/meeting-hours", "You are not signed in here", status=401),
    Place("sign-in-needed-by-staff", "/staff/queue", "You are not signed in here", status=401),
    Place("signed-out", "/signed-out", "You are signed out"),
)
CONNECT = (
    Place("connect-open", "/connect/{link_open}", "Connect Zoom for Initech"),
    Place("connect-used", "/connect/{link_used}", "This link was used already", status=410),
    Place("connect-expired", "/connect/{link_expired}", "This link", status=410),
    Place("connect-replaced", "/connect/{link_replaced}", "There is a newer link", status=410),
    Place("connect-withdrawn", "/connect/{link_withdrawn}", "does not work any more", status=410),
    Place("connect-rejected", "/connect/{link_rejected}", "was turned down", status=410),
    Place("connect-not-confirmed", "/connect/{link_not_confirmed}", "Nobody confirmed in time", status=410),
    Place("connect-unknown", "/connect/nothing", "This is not a link of ours", status=404),
    Place("connect-without-state", "/oauth/zoom/callback", "Something is missing from this address", status=400),
)
INTEGRATIONS = (
    Place("integrations-public", "/integrations", "/retain integrations"),
    Place("integrations-member", "/integrations", "An admin of your organisation made this connection", "member"),
    Place("integrations-maker", "/integrations", "You made this connection", "admin"),
    Place("integrations-other-admin", "/integrations", "is highlighted for them alone", "other_admin"),
    Place("integrations-degraded", "/integrations", "Zoom does not answer us properly", "globex"),
    Place("integrations-not-connected", "/integrations", "sign in to Zoom as a Zoom admin", "initech"),
    Place("integrations-not-enabled", "/integrations", "There is nothing to connect yet", "umbrella"),
    Place("integrations-revoked", "/integrations", "Zoom no longer accepts the permission", "hooli"),
    Place("integrations-not-admin", "/integrations", "administrative access", "wonka"),
    Place("integrations-removed", "/integrations", "Why", "cyberdyne"),
    Place("integrations-deauthorized", "/integrations", "Deleted", "stark"),
    Place("integrations-staff", "/integrations?tenant=hooli", "Only their own admins", "staff"),
    Place("integrations-checked", "/integrations", "Checked just now", "admin", presses="Check now"),
    Place("integrations-disconnect", "/integrations/disconnect", "Disconnect and delete", "admin"),
    Place("integrations-disconnected", "/integrations/disconnected", "Zoom is disconnected", "stark"),
    Place("integrations-refused", "/integrations/disconnect", "This page is not open to you", "member", status=403),
    Place("integrations-of-others", "/integrations?tenant=globex", "This page is not open to you", "admin", status=403),
)
REPORTS = (
    Place("hours", "/reports/meeting-hours", "Meeting hours of Acme Corp", "admin"),
    Place("hours-by-organizer", "/reports/meeting-hours?by=organizer&from=2026-09-01", "Meeting hours of", "admin"),
    Place("hours-wrong", "/reports/meeting-hours?from=never", "never", "admin", status=422),
    Place("hours-empty", "/reports/meeting-hours?from=2025-01-01&to=2025-01-31", "Meeting hours of", "admin"),
    Place("hours-refused", "/reports/meeting-hours", "This page is not open to you", "member", status=403),
    Place("hours-choose", "/reports/meeting-hours", "Whose", "staff"),
    Place("hours-of-theirs", "/reports/meeting-hours?tenant=acme", "Meeting hours of Acme Corp", "staff"),
    Place("meetings", "/reports/meetings?from=2026-09-01", "Meetings with customers", "admin"),
    Place("meetings-of-one", "/reports/meetings?customer={customer}&from=2026-09-01", "Globex", "admin"),
    Place("duration-look-up", "/reports/duration", "One meeting", "admin"),
    Place("duration", "/reports/duration?meeting={meeting}&on=2026-11-09", "Renewal", "admin"),
    Place("duration-none", "/reports/duration?meeting=99999999999", "One meeting", "admin", status=404),
)
QUEUE = (
    Place("staff-home", "/staff", "What needs somebody now", "staff"),
    Place("queue", "/staff/queue", "Gavin Bell", "staff"),
    Place("queue-answered", "/staff/queue?state=answered", "Maya Chen", "staff"),
    Place("queue-resolved", "/staff/queue?state=resolved", "Ines Costa", "staff"),
    Place("queue-nothing", "/staff/queue?q=nothing+like+this", "Who waits for an answer", "staff"),
    Place("request-late", "/staff/queue/{late}", "Gavin Bell", "staff"),
    Place("request-soon", "/staff/queue/{soon}", "Who is our Zoom admin?", "staff"),
    Place("request-mine", "/staff/queue/{claimed}", "Leave it to others", "staff"),
    Place("request-of-another", "/staff/queue/{theirs}", "Answer anyway", "staff"),
    Place("request-answered", "/staff/queue/{answered}", "Is the recording read, too?", "staff"),
    Place("request-snoozed", "/staff/queue/{snoozed}", "Snoozed until", "staff"),
    Place("request-resolved", "/staff/queue/{resolved}", "It is resolved", "staff"),
    Place("request-reopened", "/staff/queue/{reopened}", "Can two calls be one meeting?", "staff"),
    Place("request-from-the-web", "/staff/queue/{received}", "asked by the form on the web", "staff"),
    Place("request-just-done", "/staff/queue/{claimed}?done=claim", "Leave it to others", "staff"),
    Place("request-missing", f"/staff/queue/{'0' * 32}", "no", "staff", status=404),
    Place("queue-refused", "/staff/queue", "This page is not open to you", "admin", status=403),
)
STAFF = (
    Place("tenants", "/staff/tenants", "Cyberdyne Systems", "staff"),
    Place("tenants-attention", "/staff/tenants?state=attention", "Hooli", "staff"),
    Place("tenants-second-page", "/staff/tenants?page=2", "Client 59", "staff"),
    Place("tenants-none", "/staff/tenants?q=nobody-is-called-so", "need attention", "staff"),
    *(
        Place(f"tenant-{one}", f"/staff/tenants/{one}", TENANTS[one], "staff")
        for one in ("acme", "globex", "hooli", "stark")
    ),
    Place("tenant-then", "/staff/tenants/hooli?at=2026-11-10T09:00", "Zoom as it stood", "staff"),
    Place("tenant-checked", "/staff/tenants/acme", "Checked just now", "staff", presses="Check with Zoom now"),
    Place("tenant-missing", "/staff/tenants/nobody", "no", "staff", status=404),
    Place("gaps", "/staff/gaps", "webinar", "staff"),
    Place("opinions", "/staff/gaps/help-pages", "Connect Zoom to Retain", "staff"),
    Place("sla", "/staff/sla", "answered", "staff"),
    Place("sla-of-before", "/staff/sla?month=2026-10", "October 2026", "staff"),
    Place("tenants-refused", "/staff/tenants", "This page is not open to you", "member", status=403),
)
EVERYTHING: Sequence[Place] = (*HELP, *SUPPORT, *SIGN_IN, *CONNECT, *INTEGRATIONS, *REPORTS, *QUEUE, *STAFF)
