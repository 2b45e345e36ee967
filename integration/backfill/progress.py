"""How far a back-fill is, for people and programs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from integration.backfill.models import Backfill, BackfillState, BackfillWindow, Coverage
from integration.zoom.causes import cause as by_code

NOT_ALLOWED = "not_allowed"  # a cause of our own
REPLACED = "replaced"  # a cause of our own: a newer connection began anew
# What stopped a back-fill, where the catalogue of Zoom's causes has no word for it.
OF_OUR_OWN: Mapping[str, str] = {
    NOT_ALLOWED: "Zoom does not let us read this account's past meetings: that takes a paid Zoom account, and a Zoom "
    "admin who may see usage reports. Meetings from now on are measured all the same.",
    REPLACED: "Zoom was connected anew, and we began anew as well.",
}
NOT_YET = "Zoom has not been asked about past meetings yet."


class Progress(BaseModel):
    """A back-fill as it stands. Times are aware; `share` is the part that is done, from 0 to 1, and never goes back."""

    state: Literal["none", "running", "waiting", "done", "stopped"]
    why: str | None = Field(None, description="connected, asked or missed")
    since: datetime | None = None
    finished_at: datetime | None = None
    windows: int = Field(0, description="Months, and single meetings, to ask Zoom for, as far as they are known yet.")
    windows_done: int = 0
    share: float = 0.0
    sessions_found: int = 0
    fresh: int = Field(0, description="Of them, those that nobody had told us of before.")
    waiting_until: datetime | None = None
    cause: str | None = Field(None, description="Why it waits, or was stopped.")
    explanation: str = NOT_YET
    asked_from: datetime | None = Field(None, description="Zoom was asked for every call from here …")
    asked_until: datetime | None = Field(None, description="… to here.")


def latest(tenant_id: str) -> Select[Backfill]:
    """The tenant's back-fills, the newest alone."""
    return (
        select(Backfill)
        .where(Backfill.tenant_id == tenant_id)
        .order_by(Backfill.created_at.desc(), Backfill.finished_at.is_not(None), Backfill.id)
        .limit(1)
    )


def progress_of(session: Session, tenant_id: str) -> Progress | None:
    """The newest back-fill; None when there never was one."""
    backfill = session.scalars(latest(tenant_id)).one_or_none()
    return _progress(session, backfill) if backfill is not None else None


def _progress(session: Session, backfill: Backfill) -> Progress:
    counts = _counts(session, backfill.id)
    covered = session.get(Coverage, backfill.tenant_id)
    waits = backfill.state == BackfillState.RUNNING and backfill.cause is not None
    share = 1.0 if backfill.state == BackfillState.DONE else counts.share
    return Progress(
        state="waiting" if waits else BackfillState(backfill.state).value,
        why=backfill.why,
        since=backfill.created_at,
        finished_at=backfill.finished_at,
        windows=counts.windows,
        windows_done=counts.done,
        share=share,
        sessions_found=counts.found,
        fresh=counts.fresh,
        waiting_until=backfill.due_at if waits else None,
        cause=backfill.cause,
        explanation=_explanation(backfill, counts),
        asked_from=covered.asked_from if covered else None,
        asked_until=covered.asked_until if covered else None,
    )


class _Counts(BaseModel):
    """Of windows, and of the calls in them."""

    history: int = 0
    history_done: int = 0
    meetings: int = 0
    meetings_done: int = 0
    found: int = 0
    fresh: int = 0

    @property
    def windows(self) -> int:
        return self.history + self.meetings

    @property
    def done(self) -> int:
        return self.history_done + self.meetings_done

    @property
    def share(self) -> float:
        """Which single meetings are to be asked about is known after the history alone: till then they are taken for
        one window more.
        """
        meetings = self.meetings_done / self.meetings if self.meetings else 0.0
        return round((self.history_done + meetings) / (self.history + 1), 4)


def _counts(session: Session, backfill_id: str) -> _Counts:
    of_history = BackfillWindow.meeting_id.is_(None)
    grouped = (
        select(
            of_history.label("of_history"),
            func.count().label("windows"),
            func.count(BackfillWindow.done_at).label("done"),
            func.sum(BackfillWindow.found).label("found"),
            func.sum(BackfillWindow.fresh).label("fresh"),
        )
        .where(BackfillWindow.backfill_id == backfill_id)
        .group_by(of_history)
    )
    counts = _Counts()
    for row in session.execute(grouped):
        if row.of_history:
            counts.history, counts.history_done = row.windows, row.done
        else:
            counts.meetings, counts.meetings_done = row.windows, row.done
        counts.found += int(row.found)
        counts.fresh += int(row.fresh)
    return counts


def _explanation(backfill: Backfill, counts: _Counts) -> str:
    if backfill.cause is not None:
        return _why(backfill.cause, stopped=backfill.state == BackfillState.STOPPED)
    if backfill.state == BackfillState.DONE:
        return f"Zoom was asked about the past: it told of {_calls(counts.found)}, {counts.fresh} of them new to us."
    if counts.history_done < counts.history:
        return f"We are asking Zoom about the past: {counts.history_done} of {counts.history} parts are done."
    return f"We are asking Zoom about single meetings: {counts.meetings_done} of {counts.meetings} are done."


def _why(cause: str, *, stopped: bool) -> str:
    if cause in OF_OUR_OWN:
        return OF_OUR_OWN[cause]
    means = by_code(cause)
    return f"{means.explanation} {means.next_step if stopped else 'We go on by ourselves.'}"


def _calls(count: int) -> str:
    return f"{count} call" if count == 1 else f"{count} calls"
