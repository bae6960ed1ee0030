"""Faults on request: which calls go wrong, how, and how often."""

import fnmatch
import itertools
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from typing import Any

from deploy.sandbox.errors import bad_field
from deploy.sandbox.state.model import Json

from . import dataclass_input

DROPS = (None, "before", "after")
SCOPES = ("user", "global", "shared")
FILES, FILES_INTO_V2 = "files", "files_into_v2"
CONDITIONS = (None, FILES, FILES_INTO_V2)
STATUSES = range(200, 600)


@dataclass(slots=True)
class Fault:
    """What happens to calls that match.

    `path` is a glob on the path behind /api/v10, `times` how many calls. `status` alone is answered with an error in
    Discord's JSON, made of `code` and `message`; `html` makes it a page of the proxy in front of Discord; `body` is
    sent instead as it is: a text, or what becomes JSON.
    """

    method: str = "*"
    path: str = "*"
    only: str | None = None  # "files": calls that bring files; "files_into_v2": edits that bring them to V2
    status: int | None = None
    applied: bool = False  # the change is made, and `status` comes all the same
    code: int = 0
    message: str | None = None
    html: bool = False
    body: str | Json | list[Any] | None = None
    content_type: str | None = None  # of `body`; else application/json, for a text text/plain
    headers: dict[str, str] = field(default_factory=dict)  # besides the usual ones, or in their place
    retry_after: float = 1.0
    scope: str = "user"
    via: bool = True
    delay: float = 0.0
    drop: str | None = None
    truncate: bool = False
    times: int | None = 1
    skip: int = 0
    id: int = 0
    hits: int = 0

    def matches(self, method: str, path: str, conditions: Collection[str]) -> bool:
        """Whether a call is one that this fault is for."""
        met = self.only is None or self.only in conditions
        return met and self.method in ("*", method) and fnmatch.fnmatchcase(path, self.path)

    @property
    def prevents(self) -> bool:
        """Whether the call changes nothing."""
        return self.drop == "before" or (self.status is not None and not self.applied)

    @property
    def replaces(self) -> bool:
        """Whether another answer is given than the call would have had."""
        return self.drop == "before" or self.status is not None


class Faults:
    """The armed faults, asked before every call."""

    def __init__(self) -> None:
        self.armed: list[Fault] = []
        self._numbers = itertools.count(1)

    def add(self, body: Json) -> Fault:
        """Arm a fault. Refuses unknown fields and values (50035)."""
        dataclass_input.check(body, Fault, "A fault", but=("id", "hits"))
        fault = Fault(**body)
        if fault.drop not in DROPS:
            raise bad_field("drop", "BASE_TYPE_CHOICES", 'Value must be one of {"before", "after"}.')
        if fault.scope not in SCOPES:
            raise bad_field("scope", "BASE_TYPE_CHOICES", f"Value must be one of {SCOPES}.")
        if fault.status is not None and fault.status not in STATUSES:
            raise bad_field("status", "NUMBER_TYPE_MIN", "A fault's status is between 200 and 599.")
        if fault.only not in CONDITIONS:
            raise bad_field("only", "BASE_TYPE_CHOICES", f"Value must be one of {CONDITIONS[1:]}.")
        if not all(_one_line(name) and _one_line(value) for name, value in fault.headers.items()):
            raise bad_field("headers", "BASE_TYPE_STRING", "Headers are texts of one line.")
        if not _one_line(fault.content_type or ""):
            raise bad_field("content_type", "BASE_TYPE_STRING", "A content type is a text of one line.")
        fault.id = next(self._numbers)
        self.armed.append(fault)
        return fault

    def clear(self, fault_id: int | None = None) -> None:
        """Disarm one, or all."""
        self.armed = [each for each in self.armed if fault_id is not None and each.id != fault_id]

    @property
    def conditional(self) -> bool:
        """Whether any armed fault looks at more than method and path."""
        return any(each.only is not None for each in self.armed)

    def take(self, method: str, path: str, conditions: Collection[str] = ()) -> Fault | None:
        """The fault that this call meets, if any; counts it."""
        if not self.armed:
            return None
        for fault in self.armed:
            if not fault.matches(method, path, conditions):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.hits += 1
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self.armed.remove(fault)
            return fault
        return None

    def facts(self) -> list[Json]:
        """The armed faults as JSON."""
        return [asdict(each) for each in self.armed]


def _one_line(text: object) -> bool:
    return isinstance(text, str) and "\r" not in text and "\n" not in text
