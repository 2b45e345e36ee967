"""All tables, so that `Base.metadata` is complete wherever this is imported."""

from integration.connecting.models import ConnectLink, Grant
from integration.connections.models import Connection, ConnectionEvent, Incident, Revocation
from integration.notifications.models import Notification
from integration.questions.models import Feedback, Question
from integration.tenants.models import Person, Tenant, Workspace
from integration.webhooks.models import Webhook

__all__ = [
    "ConnectLink",
    "Connection",
    "ConnectionEvent",
    "Feedback",
    "Grant",
    "Incident",
    "Notification",
    "Person",
    "Question",
    "Revocation",
    "Tenant",
    "Webhook",
    "Workspace",
]
