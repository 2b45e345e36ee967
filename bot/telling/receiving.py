"""For whom a notification is: read from its payload, and looked up anew in Slack."""

from collections.abc import Sequence
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from slack_sdk import WebClient

from bot.acting import tenancy_of
from bot.asking import Desk
from bot.errors import Undeliverable
from bot.identity import ShutOut, UnknownPerson
from bot.inquiry import Actor
from bot.integration_client import Notification
from bot.service.service_api import Role
from bot.telling.workspace_admins import admins_of
from bot.tenancy import Asker

Model = TypeVar("Model", bound=BaseModel)

NO_CHANNEL = "STAFF_CHANNEL_ID is not set: there is no place for what the staff must know"
MAY_NOT = "the person may not see it any more"
LEFT = "the person has left, or is no full member any more"


def parsed(model: type[Model], notification: Notification) -> Model:
    """The payload as `model`. Raises Undeliverable for one of another form."""
    try:
        return model.model_validate(notification.payload)
    except ValidationError as error:
        raise Undeliverable(f"it has another form than expected: {error.error_count()} errors") from None


def receiver(desk: Desk, actor: str) -> tuple[Asker, WebClient]:
    """Who is to be told, looked up anew (what somebody might once see is not for them for ever), and their client.

    Raises Undeliverable for who is nobody by now (for who has left: with the admins of that workspace, who hear of it
    instead), NotToldBySlack or ServiceError when that cannot be looked up.
    """
    try:
        person = Actor.parse(actor)
    except ValueError as error:
        raise Undeliverable(str(error)) from None
    client = desk.client_for(person.team)
    try:
        asker = tenancy_of(desk).asker(person, person.team, client)
    except ShutOut as error:
        raise Undeliverable(error.message) from None
    except UnknownPerson:
        raise Undeliverable(LEFT, instead=_instead(desk, person, client)) from None
    if asker.identity.role is Role.NOBODY:
        raise Undeliverable(LEFT, instead=_instead(desk, person, client))
    if asker.why_nobody:
        raise Undeliverable(MAY_NOT)
    return asker, client


def _instead(desk: Desk, person: Actor, client: WebClient) -> Sequence[str]:
    """Nobody for one of Retain's own people: what a customer must hear is not for Retain's admins."""
    admins = admins_of(person.team, client) if person.team != desk.staff.team else ()
    return [admin for admin in admins if admin != str(person)]


def staff_channel(desk: Desk) -> tuple[WebClient, str]:
    """Where the staff are told things. Raises Undeliverable where there is no such place."""
    if desk.staff.team is None or desk.staff.channel is None:
        raise Undeliverable(NO_CHANNEL)
    return desk.client_for(desk.staff.team), desk.staff.channel
