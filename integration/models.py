"""All tables, so that `Base.metadata` is complete wherever this is imported."""

from integration.backfill.models import Backfill, BackfillWindow, Coverage
from integration.connecting.models import ConnectLink, Grant
from integration.connections.models import Connection, ConnectionEvent, Incident, Revocation
from integration.meetings.models import (
    CalendarEvent,
    Customer,
    CustomerDomain,
    EventCustomer,
    MeetingSession,
    PersonalRoom,
)
from integration.notifications.models import Notification
from integration.pages.models import PageLink
from integration.questions.models import Feedback, Question
from integration.tenants.models import Person, Tenant, Workspace
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
    "MeetingSession",
    "Notification",
    "PageLink",
    "Person",
    "PersonalRoom",
    "Question",
    "Revocation",
    "Tenant",
    "Webhook",
    "Workspace",
]
