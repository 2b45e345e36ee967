"""What becomes of people, channels and the installation, from Python."""

from dataclasses import replace
from typing import Any

from bot.sandbox import actions, methods_oauth
from bot.sandbox.driver_base import DriverBase
from bot.sandbox.model import Person
from bot.sandbox.world import direct_message_of


class DriverChanges(DriverBase):
    """What changes in a workspace. Names as in `Driver`."""

    def change_person(self, user: str, **changes: Any) -> Person:
        """Makes somebody an admin, a guest and so on: fields of `Person`, from now on."""

        def change() -> Person:
            person = replace(self.world.person(user), **changes)
            self.world.people[person.id] = person
            return person

        return self.call(change)

    def leave(self, user: str) -> None:
        """Somebody leaves the company."""
        self.call(lambda: actions.leave(self.world, self.world.person(user)))

    def add_person(self, like: str, handle: str) -> Person:
        """Another person like somebody who is there, with a direct message of their own; in no channel."""

        def add() -> Person:
            person = replace(self.world.person(like), id=f"U1{handle.upper()}", handle=handle, name=handle.title())
            direct = direct_message_of(person)
            self.world.people[person.id], self.world.channels[direct.id] = person, direct
            return person

        return self.call(add)

    def change_usergroup(self, group_id: str, *users: str) -> None:
        """Puts just these people into a user group."""
        ids = tuple(self.world.person(user).id for user in users)
        groups = tuple(replace(g, users=ids) if g.id == group_id else g for g in self.world.usergroups)
        self.call(lambda: setattr(self.world, "usergroups", groups))

    def archive(self, channel: str, *, archived: bool = True) -> None:
        """Archives a channel (by id), or brings it back."""
        self.call(lambda: actions.archive(self.world, self.world.channels[channel], archived=archived))

    def uninstall(self, team: str) -> None:
        """An admin takes the app out of a workspace: its token is revoked."""
        self.call(lambda: methods_oauth.remove(self.world, self.app(team)))

    def withhold(self, team: str, *scopes: str) -> None:
        """Takes optional scopes from the app of a workspace; all optional ones are granted at first."""
        app = self.app(team)
        self.call(lambda: setattr(app, "scopes", app.scopes - frozenset(scopes)))
