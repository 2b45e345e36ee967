"""The chat page and the control interface behind it (`/sandbox/…`)."""

from fastapi import APIRouter

from bot.sandbox.model import Json
from bot.sandbox.world import World


def routes(world: World) -> APIRouter:
    """`/`, its files, and what it asks for and does."""
    router = APIRouter()

    @router.get("/sandbox/state")
    def state() -> Json:
        """Who is here and whether the app answers, for the page and for whoever starts the sandbox."""
        return {
            "workspaces": [
                {"id": w.id, "name": w.name, "domain": w.domain, "connected": world.connected(w.id)}
                for w in world.workspaces.values()
            ]
        }

    return router
