"""Trouble on demand: what goes wrong next, and how often."""

import asyncio
from dataclasses import dataclass, field

ANY_METHOD = "*"


@dataclass
class Fault:
    """One kind of trouble for one method. `after`: the call takes effect and only its answer is lost."""

    method: str
    times: int
    status: int = 500
    error: str = "internal_error"
    retry_after: int | None = None
    after: bool = False


@dataclass
class Hold:
    """One call of a method that does not return until `let_go`.

    `after`: it took effect, and only its answer is held. Else it never takes effect, as one that was never sent.
    """

    method: str
    after: bool
    reached: bool = False
    let_go: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Faults:
    """The faults that are waiting to happen."""

    waiting: list[Fault] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    slow_methods: dict[str, float] = field(default_factory=dict)
    extra_deliveries: int = 0

    def fail(
        self,
        method: str,
        status: int = 500,
        times: int = 1,
        *,
        error: str = "internal_error",
        after: bool = False,
    ) -> None:
        """The next `times` calls of `method` ("*" for any) end with HTTP `status` and `error`.

        Status 200 gives an ordinary `ok: false`. With `after` the call takes effect first.
        """
        self.waiting.append(Fault(method, times, status, error, after=after))

    def rate_limit(self, method: str, retry_after: int = 1, times: int = 1) -> None:
        """The next `times` calls of `method` get 429 with `Retry-After` (seconds)."""
        self.waiting.append(Fault(method, times, 429, "ratelimited", retry_after))

    def slow(self, method: str, seconds: float) -> None:
        """Every call of `method` takes `seconds` longer, until 0 is set or the sandbox is reset."""
        self.slow_methods[method] = seconds

    def redeliver(self, times: int = 3) -> None:
        """The next event reaches the app `times` times in all, whether it acknowledges or not."""
        self.extra_deliveries = max(0, times - 1)

    def take(self, method: str) -> Fault | None:
        """The fault that this call must suffer, used up by one."""
        for fault in self.waiting:
            if fault.method in (method, ANY_METHOD):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None

    def take_hold(self, method: str) -> Hold | None:
        """What this call must wait for, if it is the next of its method and that is to be held."""
        hold = next((hold for hold in self.holds if hold.method == method and not hold.reached), None)
        if hold is not None:
            hold.reached = True
        return hold

    def let_go(self) -> None:
        """Ends what is held, and holds nothing more."""
        for hold in self.holds:
            hold.let_go.set()
        self.holds.clear()

    def take_extra_deliveries(self) -> int:
        extra, self.extra_deliveries = self.extra_deliveries, 0
        return extra

    def delay(self, method: str) -> float:
        return self.slow_methods.get(method, self.slow_methods.get(ANY_METHOD, 0.0))

    def clear(self) -> None:
        self.waiting.clear()
        self.let_go()
        self.slow_methods.clear()
        self.extra_deliveries = 0
