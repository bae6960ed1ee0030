"""Rate limits as clients see them: buckets with headers, 429 answers, and the global 50 requests a second."""

import functools
import hashlib
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.sandbox.state.clock import Clock
from deploy.sandbox.state.model import Json

GLOBAL_PER_SECOND = 50
KEPT = 20_000
SUBJECT = {"user": "You are", "global": "You are", "shared": "The resource is"}


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in so many (virtual) seconds.

    Routes that name the same `bucket` share it. `scope` is "shared" where the limit is the resource's, not a caller's.
    """

    requests: int
    seconds: float
    bucket: str | None = None
    scope: str = "user"


@dataclass(slots=True)
class _Window:
    ends: float
    used: int = 0


class RateLimitedError(Exception):
    """429. `headers` already say when to come back."""

    def __init__(self, retry_after: float, headers: Mapping[str, str], scope: str) -> None:
        super().__init__(f"rate limited for {retry_after:.3f} s")
        self.headers = {**headers, "Retry-After": str(math.ceil(retry_after)), "X-RateLimit-Scope": scope}
        self.payload: Json = {
            "message": f"{SUBJECT[scope]} being rate limited.", "retry_after": round(retry_after, 3),
            "global": scope == "global", "code": 0,
        }  # fmt: skip


class RateLimits:
    """Counts requests by bucket; `enabled = False` still sends headers, but refuses no one."""

    def __init__(self, clock: Clock) -> None:
        self.enabled = True
        self._clock = clock
        self._windows: dict[str, _Window] = {}

    def clear(self) -> None:
        """Everything may be asked again."""
        self._windows.clear()

    def charge(self, route: str, major: str, limit: Limit, *, counts_globally: bool) -> dict[str, str]:
        """Count one request; returns its headers. Raises RateLimitedError when the bucket is empty."""
        now = self._clock.now()
        if counts_globally:
            self._charge_globally(now)
        bucket = limit.bucket or route
        window = self._window(f"{bucket}:{major}", now, limit.seconds)
        over = window.used >= limit.requests
        window.used += 1
        headers = self._headers(bucket, window, limit, now)
        if over and self.enabled:
            raise self._refusal(window.ends - now, headers, limit.scope)
        return headers

    def _charge_globally(self, now: float) -> None:
        # The wall clock counts here: a scaled clock should not let a client through fifty times faster or slower.
        window = self._window("global", now, 1.0)
        window.used += 1
        if window.used > GLOBAL_PER_SECOND * max(1.0, self._clock.scale) and self.enabled:
            raise self._refusal(window.ends - now, {"X-RateLimit-Global": "true"}, "global")

    def _refusal(self, virtual_wait: float, headers: Mapping[str, str], scope: str) -> RateLimitedError:
        return RateLimitedError(max(0.001, self._clock.to_real(virtual_wait)), headers, scope)

    def _window(self, key: str, now: float, seconds: float) -> _Window:
        window = self._windows.get(key)
        if window is None or window.ends <= now:
            if len(self._windows) > KEPT:
                self._windows = {k: w for k, w in self._windows.items() if w.ends > now}
            window = self._windows[key] = _Window(now + seconds)
        return window

    def _headers(self, bucket: str, window: _Window, limit: Limit, now: float) -> dict[str, str]:
        after = self._clock.to_real(max(0.0, window.ends - now))
        remaining = max(0, limit.requests - window.used) if self.enabled else limit.requests - 1
        return {
            "X-RateLimit-Limit": str(limit.requests),
            "X-RateLimit-Remaining": str(remaining),
            "X-RateLimit-Reset": f"{time.time() + after:.3f}",  # clients compare it with their own clock
            "X-RateLimit-Reset-After": f"{after:.3f}",
            "X-RateLimit-Bucket": bucket_name(bucket),
        }


@functools.cache
def bucket_name(bucket: str) -> str:
    """The opaque name of a bucket."""
    return hashlib.md5(bucket.encode(), usedforsecurity=False).hexdigest()
