"""The kinds of notifications of which somebody wants to know the end, or that somebody may decline."""

from integration.backfill import telling as backfill
from integration.connections import tell as connections
from integration.desk import reminders
from integration.desk import telling as desk
from integration.notifications.kinds import Kind, Kinds

KINDS: Kinds = {
    desk.OPENED: Kind(ended=desk.card_ended),
    desk.ANSWERED: Kind(ended=desk.answer_ended),
    reminders.REMINDER: Kind(ended=reminders.ended),
    connections.CHANGED: Kind(ended=connections.news_ended, wanting=connections.wanting),
    backfill.FINISHED: Kind(wanting=backfill.wanting),
}
