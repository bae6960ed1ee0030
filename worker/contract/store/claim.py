"""The step that RQ's worker takes: the fairest waiting job becomes an attempt. Synchronous, as RQ is."""

import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from redis import Redis

from worker.contract.types.job import RECORD_VERSION, Progress
from worker.contract.types.timings import Timings, ms

from . import keys, scripts

_RQ_RECORD_TTL = 600  # seconds for which RQ keeps an ended attempt


def claim(
    connection: Redis,
    *,
    worker: str,
    capabilities: Sequence[str],
    timings: Timings,
    function: str,
    job_timeout: int,
    warm: Sequence[str] = (),
    progress: Progress | None = None,
) -> str | None:
    """Start an attempt at the next job that this worker can draw.

    One script checks, adds 1 to the job's attempt (the fence), starts its lease, writes RQ's record of the attempt
    and puts its id on RQ's intermediate list, where RQ's own BLMOVE would have left it. A client that repeats it
    because the answer was lost gets the same answer.

    Args:
        connection: a client that does not decode responses.
        worker: who claims, for the record.
        capabilities: what its engine can do now; the job needs nothing else.
        timings: the lease, the pace of its renewals, and the cap on unposted bytes.
        function: dotted name of the one function that RQ may call; it gets the job's id and the attempt's number. "":
            RQ has no part in this attempt.
        job_timeout: seconds after which RQ kills the work horse, a backstop.
        warm: models and upscalers that its engine has loaded. Of the person whose turn it is, a job for one of them
            may be drawn a little before an older one.
        progress: what the attempt says until it says more, even if it dies before that; None: nothing.

    Returns:
        RQ's id of the attempt, `<job>-<number>`; None when there is nothing to do.
    """
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    answer: bytes | None = scripts.registered(connection, "claim")(
        args=[
            worker, json.dumps(list(capabilities)), ms(timings.lease), timings.unposted_max, RECORD_VERSION,
            keys.RQ_QUEUE, function, job_timeout, stamp, _RQ_RECORD_TTL, ms(timings.keep),
            secrets.token_hex(8), ms(timings.renew), json.dumps(list(warm)),
            progress.model_dump_json() if progress else "",
        ],
    )  # fmt: skip
    return answer.decode() if answer else None


def owned(connection: Redis, job: str, attempt: int) -> bool:
    """Does this attempt still own its job?"""
    state, number = connection.hmget(keys.job(job), "state", "attempt")
    return bool(state == b"claimed" and number == str(attempt).encode())
