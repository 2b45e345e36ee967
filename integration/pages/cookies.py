"""Our cookies: for this very host alone, out of reach of scripts, over https wherever people reach us so."""

from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request, Response

from integration.runtime import Runtime, runtime_of


@dataclass(frozen=True)
class Cookie:
    """One kind of cookie. `plain` is its name on this machine's own http."""

    plain: str

    def name(self, runtime: Runtime) -> str:
        """Browsers take `__Host-` cookies over https alone, from this very host, for all paths."""
        return f"__Host-{self.plain}" if _is_https(runtime) else self.plain

    def read(self, request: Request) -> str | None:
        """What the browser sent; anybody may have written it."""
        return request.cookies.get(self.name(runtime_of(request)))

    def keep(self, response: Response, runtime: Runtime, value: str, life: timedelta | None = None) -> None:
        """Have the browser keep it; without `life` until it is closed."""
        response.set_cookie(
            self.name(runtime),
            value,
            max_age=int(life.total_seconds()) if life else None,
            path="/",
            secure=_is_https(runtime),
            httponly=True,
            samesite="lax",
        )

    def drop(self, response: Response, runtime: Runtime) -> None:
        response.delete_cookie(self.name(runtime), path="/", secure=_is_https(runtime), httponly=True, samesite="lax")


SIGNED_IN = Cookie("retain-pages")
FORMS = Cookie("retain-form")
CONNECTING = Cookie("retain-connect")


def _is_https(runtime: Runtime) -> bool:
    return runtime.settings.public_url.startswith("https:")
