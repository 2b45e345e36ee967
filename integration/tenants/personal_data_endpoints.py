"""`DELETE /v1/people`: what is kept of one person ends, because they ask for it."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from integration.auth import TheCaller, v1_router
from integration.fields import Name
from integration.runtime import Now, TheVault, WritingSession
from integration.tenants import personal_data

router = v1_router("")


class Forgotten(BaseModel):
    deleted: dict[str, int] = Field(
        description="How many rows that concerned, by table. Of support requests the words are deleted, and who asked."
    )


@router.delete("/people", summary="Delete what is kept of a person: questions, opinions, preferences, requests' words")
def forget(
    actor: Annotated[
        Name,
        Query(
            description="Or the e-mail address given in the help centre's form; then rather by `python -m integration "
            "people forget`, for what is in a URL may stand in the logs of whatever lies between."
        ),
    ],
    principal: TheCaller,
    session: WritingSession,
    vault: TheVault,
    now: Now,
) -> Forgotten:
    return Forgotten(deleted=personal_data.forget_person(session, vault, actor, now, by=principal.actor))
