"""A job as it lies in Redis: the hash of a new one, and what is made of any that is found there.

Two fields say who may take it: `version` who can read it, `needs` who can draw it.

Errors:
    DamagedRecordError
    └── NewerRecordError   not damaged, but of a version that this one cannot read
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from worker.contract.types.job import RECORD_VERSION, Job, NewJob


class DamagedRecordError(Exception):
    """A job's record cannot be read."""

    why = "is damaged"

    def __init__(self, job: str) -> None:
        super().__init__(f"the record of job {job} {self.why}")
        self.job = job


class NewerRecordError(DamagedRecordError):
    """A job's record was written by a newer Easel, and cannot be read by this one."""

    why = "is of a newer version of Easel"


def fields(new: NewJob) -> dict[str, str]:
    """The fields of a new job's hash; what changes later has fields of its own.

    `model` is what its pace is kept under, and all that workers look for that know of no `needs`.
    """
    place = new.destination
    found = {
        "version": str(new.version),
        "owner": str(new.owner),
        "server": new.server,
        "verb": new.verb,
        "model": new.request.resource,
        "needs": json.dumps(new.request.needs),
        "cost": str(new.request.cost(new.factor)),
        "request": new.request.model_dump_json(),
        "destination": place.model_dump_json(exclude={"token", "message"}),
    }
    if new.source:
        found["source"] = new.source.model_dump_json()
        if new.upscale_of:
            found["upscale_of"] = f"{new.upscale_of}:{new.source.index}"
    if new.tells_of:
        found["tells_of"] = str(new.tells_of)
    if new.sources:
        found["sources"] = new.sources.model_dump_json()
    if new.age_restricted:
        found["age_restricted"] = "1"
    if new.tell:
        found["tell"] = new.tell
    if new.results_to:
        found["results_to"] = str(new.results_to)
    if place.token:
        found["token"] = place.token
    if place.message:
        found["message"] = str(place.message)
    return found


def parse(job: str, record: Mapping[Any, Any]) -> Job | None:
    """A job from its hash, None when that is empty, or only says that it was deleted (`bury.lua`).

    Raises DamagedRecordError or NewerRecordError.
    """
    if not record or b"deleted" in record:
        return None
    try:
        return Job.from_hash(job, record)
    except (ValidationError, UnicodeDecodeError) as error:
        version = record.get(b"version", b"")
        newer = version.isdigit() and int(version) > RECORD_VERSION
        raise (NewerRecordError if newer else DamagedRecordError)(job) from error
