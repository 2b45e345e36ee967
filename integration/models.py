"""All tables, so that `Base.metadata` is complete wherever this is imported."""

from integration.backfill.models import Backfill, BackfillWindow, Coverage
from integration.connecting.models import ConnectLink, Grant
from integration.connections.models import Connection, ConnectionEvent, Incident, Revocation
from integration.desk.models import RequestEvent, ResponseClock, SupportRequest
from integration.incidents.models import IncidentNotice
from integration.meetings.models import (
    CalendarEvent,
    Customer,
    CustomerDomain,
    EventCustomer,
    MeetingSession,
    PersonalRoom,
)
from integration.notifications.models import Notification
from integration.questions.models import Feedback, Question
from integration.signing_in.models import PageLink
from integration.tenants.models import Person, Preference, Tenant, Workspace
from integration.webhooks.models import Webhook

__all__ = [
    "Backfill",
    "BackfillWindow",
    "CalendarEvent",
    "ConnectLink",
    "Connection",
    "ConnectionEvent",
    "Coverage",
    "Customer",
    "CustomerDomain",
    "EventCustomer",
    "Feedback",
    "Grant",
    "Incident",
    "IncidentNotice",
    "MeetingSession",
    "Notification",
    "PageLink",
    "Person",
    "PersonalRoom",
    "Preference",
    "Question",
    "RequestEvent",
    "ResponseClock",
    "Revocation",
    "SupportRequest",
    "Tenant",
    "Webhook",
    "Workspace",
]
