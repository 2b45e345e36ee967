"""Questions that were asked, and what people thought of the answers."""

from dataclasses import dataclass

from integration.questions import service
from integration.questions.service import Asked, Status
from integration.runtime import Runtime


@dataclass
class Asking:
    """Asks as people do, through the service."""

    runtime: Runtime
    asked: int = 0

    def __call__(
        self,
        text: str,
        status: Status = "unknown",
        article: str | None = None,
        *,
        by: str = "slack:T0ACME/U1",
        disliked_by: tuple[str, ...] = (),
        comment: str | None = None,
    ) -> str:
        """One question, answered and rated; its id."""
        self.asked += 1
        runtime, now = self.runtime, self.runtime.clock()
        asked = Asked(f"message:{self.asked}", text, by, f"slack:T0ACME/D1/{self.asked}")
        with runtime.database.writing() as session:
            question = service.claim(session, runtime.vault, asked, now).id
            service.answer(session, runtime.vault, question, status=status, article=article, confidence=0.9, now=now)
            for actor in disliked_by:
                service.rate(session, runtime.vault, question, actor=actor, helpful=False, comment=comment, now=now)
        return question
