"""The workspaces that installed the app: slack_sdk's store, with the tokens sealed before they reach it.

Of the store's two tables only `slack_bots` is used: the app asks for no person's own token.
A token that is on an older key is moved to the newest, at the start and whenever it is found.
"""

import logging
from datetime import UTC, datetime, timedelta

from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from sqlalchemy import MetaData, Table, Text, delete, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from bot.errors import VaultError
from bot.installation.vault import Vault

log = logging.getLogger(__name__)

TABLE, SEALED_COLUMN = "slack_bots", "bot_token"
# Slack's events carry whole seconds: one that is this much older than the installation may still be about it.
CLOCK_SECONDS = timedelta(seconds=1)


class _Store(SQLAlchemyInstallationStore):
    @classmethod
    def build_bots_table(cls, metadata: MetaData, table_name: str) -> Table:
        table = super().build_bots_table(metadata, table_name)
        table.c[SEALED_COLUMN].type = Text()  # a sealed token is longer than the 200 characters of the SDK's column
        return table


class Installations:
    """Finds, keeps and forgets installations. Any number of processes may share one database."""

    def __init__(self, client_id: str, engine: Engine, vault: Vault) -> None:
        self._store = _Store(client_id, engine, bots_table_name=TABLE)
        self._bots = self._store.bots
        self._engine = engine
        self._vault = vault

    def prepare(self) -> None:
        """Make the table where it is missing, and move every token to the newest key.

        Raises SQLAlchemyError when the database cannot be used.
        """
        try:
            self._bots.create(self._engine, checkfirst=True)
        except DBAPIError:  # perhaps another bot, started at the same moment, has just made it
            with self._engine.connect() as connection:
                connection.execute(select(self._bots.c.id).limit(1))
        self._move_to_newest_key()

    def _move_to_newest_key(self) -> None:
        columns = self._bots.c
        query = select(columns.team_id, columns.bot_token).where(columns.client_id == self._store.client_id)
        with self._engine.connect() as connection:
            found = connection.execute(query).all()
        for team, sealed in found:
            try:
                self._open(team, sealed)
            except VaultError as error:  # one workspace must install anew; the others need not wait for it
                log.error("an installation cannot be used: %s", error)

    def _open(self, team: str, sealed: str) -> str:
        """The token; it is on the newest key afterwards. Raises VaultError."""
        token = self._vault.open(sealed, **_place(team))
        if not self._vault.is_on_newest_key(sealed):
            columns = self._bots.c
            unchanged = (columns.client_id == self._store.client_id, columns.team_id == team)
            moved = update(self._bots).where(*unchanged, columns.bot_token == sealed)
            with self._engine.begin() as connection:
                connection.execute(moved.values(bot_token=self._vault.seal(token, **_place(team))))
            log.info("the token of the workspace %s is on the newest key now", team)
        return token

    def save(self, bot: Bot) -> None:
        """Keep a workspace's newest installation, and forget those before it."""
        sealed = Bot(**(bot.to_dict() | {SEALED_COLUMN: self._vault.seal(bot.bot_token, **_place(str(bot.team_id)))}))
        self._store.save_bot(sealed)
        self._delete(str(bot.team_id), datetime.fromtimestamp(bot.installed_at, UTC))

    def find(self, team: str) -> Bot | None:
        """A workspace's installation, its token opened; None where there is none.

        Raises VaultError when the token does not open, SQLAlchemyError when the database does not answer.
        """
        columns = self._bots.c
        newest = (
            select(self._bots)
            .where(columns.client_id == self._store.client_id, columns.team_id == team)
            .order_by(columns.installed_at.desc())
            .limit(1)
        )
        with self._engine.connect() as connection:
            row = connection.execute(newest).mappings().first()
        if row is None:
            return None
        bot = self._store.build_bot_entity(row)
        bot.bot_token = self._open(team, bot.bot_token)
        return bot

    def names(self) -> dict[str, str]:
        """The installed workspaces: their names by id."""
        columns = self._bots.c
        query = select(columns.team_id, columns.team_name).where(columns.client_id == self._store.client_id)
        with self._engine.connect() as connection:
            return {team: name or team for team, name in connection.execute(query)}

    def remove(self, team: str, removed_at: datetime) -> bool:
        """Forget an installation that Slack says was removed then; whether there was one.

        Twice is harmless; one made after `removed_at` (aware) stays: the news was late.
        """
        return self._delete(team, removed_at + CLOCK_SECONDS) > 0

    def _delete(self, team: str, before: datetime) -> int:
        moment = before.astimezone(UTC).replace(tzinfo=None)  # the SDK's columns hold UTC without saying so
        older = delete(self._bots).where(
            self._bots.c.client_id == self._store.client_id,
            self._bots.c.team_id == team,
            self._bots.c.installed_at < moment,
        )
        with self._engine.begin() as connection:
            return connection.execute(older).rowcount

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()


def _place(team: str) -> dict[str, str]:
    return {"table": TABLE, "column": SEALED_COLUMN, "row": team}
