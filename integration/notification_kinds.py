"""The kinds of notifications of which somebody wants to know the end, or that somebody may decline."""

from integration.backfill import telling as backfill
from integration.connections import tell as connections
from integration.desk import delivery, reminders, telling
from integration.notifications.kinds import Kind, Kinds

KINDS: Kinds = {
    telling.OPENED: Kind(ended=delivery.card_ended),
    telling.ANSWERED: Kind(ended=delivery.answer_ended),
    reminders.REMINDER: Kind(ended=reminders.ended),
    connections.CHANGED: Kind(ended=connections.news_ended, wanting=connections.wanting),
    backfill.FINISHED: Kind(wanting=backfill.wanting),
}
