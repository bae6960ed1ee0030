"""How formats grow: what is new is written only where it is set, and says who need not try to read it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.worker.contract.factories import HOW, request
from tests.worker.contract.wire.samples import SAMPLES
from worker.contract.store.record import fields
from worker.contract.types.destination import Destination
from worker.contract.types.job import RECORD_VERSION, NewJob
from worker.contract.types.recipe import Recipe
from worker.contract.types.request import Request
from worker.contract.types.result import Result
from worker.contract.types.upscale_source import UpscaleSource
from worker.contract.types.versioned import VersionedEnum, VersionedModel, since

NEXT = RECORD_VERSION + 1


class Mask(VersionedModel):
    feather: int = since(NEXT + 2, 0, ge=0, le=64)
    channel: int


class Ink(VersionedEnum):
    BLACK = "black"
    GOLD = "gold", NEXT + 1


class Grown(Request):
    """Requests as they may be one day."""

    haze: float = since(NEXT, 1.0, ge=0, le=1)
    masks: tuple[Mask, ...] = since(NEXT + 1, ())
    ink: Ink = since(NEXT, Ink.BLACK)


class GrownDestination(Destination):
    thread: int | None = since(NEXT, None)


class GrownResult(Result):
    nsfw: bool = since(NEXT, False)


def grown(**changes: Any) -> Grown:
    return Grown(**dict(request()) | changes)


def read(kind: type[Request], text: str) -> Request:
    return kind.model_validate_json(text)


@pytest.mark.parametrize(
    "sample", [each for each in SAMPLES if type(each.thing) is Request], ids=lambda each: each.file
)
def test_a_new_field_leaves_the_old_format_as_it_was(sample: Any) -> None:
    made = Grown.model_validate_json(sample.text)
    assert made.model_dump_json() == sample.text
    assert Grown(**dict(made)).model_dump_json() == sample.text  # whether set to its default or not at all
    assert (made.haze, made.masks, made.ink) == (1.0, (), Ink.BLACK)  # what its absence means


@pytest.mark.parametrize(
    ("changes", "version"),
    [
        ({}, 1), ({"upscale": HOW, "count": 1}, 2), ({"haze": 0.5}, NEXT), ({"haze": 1}, 1),
        ({"ink": "gold"}, NEXT + 1), ({"masks": [{"channel": 5}]}, NEXT + 1),
        ({"masks": [{"channel": 5}, {"channel": 5, "feather": 3}]}, NEXT + 2),
        ({"haze": 0.5, "upscale": HOW, "count": 1}, NEXT),
    ],
)  # fmt: skip
def test_the_version_is_the_oldest_that_has_all_that_is_set(changes: dict[str, Any], version: int) -> None:
    made = grown(**{"count": 1} | changes)
    assert made.version == version
    assert json.loads(made.model_dump_json())["version"] == version
    assert next(iter(made.model_dump())) == "version"
    assert Grown.model_validate_json(made.model_dump_json()) == made


def test_a_copy_has_the_version_of_what_it_then_sets() -> None:
    made = grown().model_copy(update={"haze": 0.5})
    assert (made.version, made.model_copy(update={"haze": 1.0}).version) == (NEXT, 1)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "haze": st.sampled_from([1, 1.0, 0.25]),
            "ink": st.sampled_from(["black", "gold"]),
            "masks": st.lists(st.fixed_dictionaries({"channel": st.just(1)}), max_size=2),
        },
    )
)
def test_what_sets_nothing_new_is_read_by_old_readers_and_all_else_is_not(changes: dict[str, Any]) -> None:
    made = grown(**changes)
    if made.version == 1:
        assert read(Request, made.model_dump_json()).model_dump_json() == request().model_dump_json()
    else:
        with pytest.raises(ValidationError):
            read(Request, made.model_dump_json())


@pytest.mark.parametrize("version", [0, 2, NEXT, "1", None, [1]])
def test_a_text_that_claims_another_version_is_refused(version: Any) -> None:
    with pytest.raises(ValidationError, match="version"):
        read(Request, json.dumps(json.loads(request().model_dump_json()) | {"version": version}))


def test_what_can_be_said_tells_what_must_be_read() -> None:
    assert (Request.newest(), Destination.newest(), UpscaleSource.newest()) == (10, 1, 1)
    assert (Grown.newest(), GrownDestination.newest(), Recipe.newest()) == (NEXT + 2, NEXT, 10)


def job(**changes: Any) -> NewJob:
    base = {
        "id": "1",
        "event": "e",
        "owner": 1,
        "server": "10",
        "request": request(),
        "destination": Destination(channel=7),
    }
    return NewJob(**base | changes)


@pytest.mark.parametrize(
    ("changes", "version"),
    [
        ({}, "1"),
        ({"request": request(count=1).enlarged(HOW)}, "2"),
        ({"request": grown(haze=0.5)}, str(NEXT)),
        ({"destination": GrownDestination(channel=7, thread=8)}, str(NEXT)),
        ({"destination": GrownDestination(channel=7)}, "1"),
    ],
)
def test_a_record_is_of_the_newest_of_its_parts(changes: dict[str, Any], version: str) -> None:
    assert fields(job(**changes))["version"] == version


def test_results_are_read_as_far_as_they_are_known() -> None:
    plain = GrownResult(pictures=())
    assert plain.model_dump_json() == Result(pictures=()).model_dump_json()
    assert Result.model_validate_json(GrownResult(pictures=(), nsfw=True).model_dump_json()) == Result(pictures=())


def test_nothing_is_added_to_the_first_version() -> None:
    with pytest.raises(ValueError, match="closed"):
        since(1, None)


def test_a_frozen_default_lies_within_its_bounds() -> None:
    class Wrong(Request):
        haze: float = since(NEXT, 2.0, ge=0, le=1)

    with pytest.raises(ValidationError, match="haze"):
        Wrong(**dict(request()))
