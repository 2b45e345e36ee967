"""`/v1/people/preferences`: what the person of X-Actor wants to be told."""

from fastapi import Request
from pydantic import BaseModel, Field

from integration.auth import TheCaller, v1_router
from integration.runtime import Now, WritingSession, runtime_of
from integration.tenants import preferences
from integration.tenants.preferences import Wants

router = v1_router("/people/preferences")

IS_TOLD = "a person wants to be told something"  # why it is needed


class PreferencesView(BaseModel):
    reminders: bool = Field(description="Staff: reminders of support requests they have claimed.")
    news: bool = Field(description="That a connection works, or a back-fill is finished. Never what needs action.")

    @classmethod
    def of(cls, said: Wants) -> "PreferencesView":
        return cls(reminders=said.reminders, news=said.news)


class PreferencesChange(BaseModel):
    """What is left out stays."""

    reminders: bool | None = None
    news: bool | None = None


@router.get("", summary="What I want to be told")
def read(request: Request, principal: TheCaller) -> PreferencesView:
    with runtime_of(request).database.reading() as session:
        return PreferencesView.of(preferences.wants(session, principal.person(IS_TOLD)))


@router.put("", summary="Turn messages on or off; those that need action come in any case")
def change(body: PreferencesChange, principal: TheCaller, session: WritingSession, now: Now) -> PreferencesView:
    actor = principal.person(IS_TOLD)
    wanted = preferences.change(session, actor, reminders=body.reminders, news=body.news, now=now)
    return PreferencesView.of(wanted)
