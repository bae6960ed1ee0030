"""Results that are too large for Discord: in smaller encodings, then in parts."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.worker.poster import standin as fault
from tests.worker.poster.harness import ANY, CREATE, Harness
from tests.worker.poster.standin import Standin
from worker.contract.message.job_message import file_name
from worker.contract.store.outbox import OutboxEntry
from worker.contract.types import recipe
from worker.contract.types.job import State
from worker.contract.types.recipe import Recipe
from worker.poster.discord import SlowUploadError, UnreachableError
from worker.poster.limits import Route
from worker.poster.request_body import UploadFile


async def test_too_large_is_sent_smaller(harness: Harness, standin: Standin) -> None:
    """PNG and WebP are refused; JPEG goes through, with its recipe."""
    standin.fault("PATCH", fault.TOO_LARGE, times=2)
    message = standin.message()
    new = await harness.rendered(message=message)
    assert (await harness.deliver()).state is State.POSTED
    assert [f.files[0][0].rsplit(".")[-1] for f in standin.seen] == ["png", "webp", "jpg"]
    assert recipe.read(standin.messages[message].files[3][1]) == Recipe(request=new.request, index=3)


async def test_known_limits_are_not_tried(harness: Harness, standin: Standin) -> None:
    """A PNG of noise is above the channel's limit, so the first thing that is sent fits."""
    await harness.rendered(message=standin.message(), sizes=(256, 256), upload_limit=60_000)
    assert (await harness.deliver()).state is State.POSTED
    assert len(standin.seen) == 1
    assert max(len(content) for _, content in standin.seen[0].files) <= 60_000


async def test_still_too_large_is_sent_in_parts(harness: Harness, standin: Standin) -> None:
    standin.rule = lambda seen: fault.TOO_LARGE if len(seen.files) > 1 else None
    message = standin.message()
    await harness.rendered(message=message)
    assert (await harness.deliver()).state is State.POSTED
    assert len(standin.messages[message].files) == 1
    parts = [seen.payload["nonce"] for seen in standin.asked(CREATE)]
    assert len(set(parts)) == 3
    assert len(standin.messages) == 4


async def test_a_part_that_an_earlier_try_made_larger_is_not_beside_its_own_pictures(
    harness: Harness, standin: Standin
) -> None:
    """Two halves were sent and the answer was lost; by then Discord takes one picture at a time."""
    standin.rule = lambda seen: fault.TOO_LARGE if len(seen.files) > 2 else None
    standin.fault(CREATE, fault.DROP_AFTER)
    message = standin.message()
    await harness.rendered(message=message)
    entry = await harness.take()
    with pytest.raises(UnreachableError):
        await harness.deliverer.deliver(entry)
    await harness.outbox.later(entry, 0)
    standin.rule = lambda seen: fault.TOO_LARGE if len(seen.files) > 1 else None
    job = await harness.deliver()
    assert job.state is State.POSTED
    shown = sorted(name.rpartition(".")[0] for each in standin.messages.values() for name, _ in each.files)
    assert shown == [file_name(job, i).rpartition(".")[0] for i in range(4)]


async def test_too_large_for_everything_says_so(harness: Harness, standin: Standin) -> None:
    standin.rule = lambda seen: fault.TOO_LARGE if seen.files else None
    message = standin.message()
    await harness.rendered(message=message)
    assert (await harness.deliver()).state is State.FAILED
    await harness.deliver()
    assert "too large" in standin.messages[message].content


def over_a_slow_line(harness: Harness, monkeypatch: pytest.MonkeyPatch, stuck: tuple[str, ...]) -> None:
    """Files whose names end like this do not get through in time."""
    sender = harness.deliverer._sender
    ask = sender.request

    async def request(entry: OutboxEntry, route: Route, payload: Any, files: Sequence[UploadFile] = ()) -> Any:
        if any(each.name.endswith(stuck) for each in files):
            raise SlowUploadError("TimeoutError")
        return await ask(entry, route, payload, files)

    monkeypatch.setattr(sender, "request", request)


@pytest.mark.parametrize("place", ["here", "elsewhere", "with their owner"])
async def test_what_does_not_get_through_in_time_is_made_smaller(
    harness: Harness, standin: Standin, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Else it would be sent again and again, and hold up all other results meanwhile."""
    over_a_slow_line(harness, monkeypatch, (".png",))
    target = 88 if place == "elsewhere" else None
    await harness.rendered(message=standin.message(), token=None, results_to=target)
    if place == "with their owner":
        standin.rule = lambda seen: fault.NO_ACCESS if ANY in seen.line else None
    assert (await harness.deliver()).state is State.POSTED
    (shown,) = [each for each in standin.messages.values() if each.files]
    assert len(shown.files) == 4
    assert shown.files[0][0].endswith(".webp")


@pytest.mark.parametrize("shared", [True, False])
async def test_where_nothing_gets_through_it_is_tried_again_later(
    harness: Harness, standin: Standin, monkeypatch: pytest.MonkeyPatch, shared: bool
) -> None:
    """Where Easel is no member, its owner gets it by direct message."""
    over_a_slow_line(harness, monkeypatch, ("",))
    await harness.rendered(message=standin.message(), token=None, installed=shared)
    with pytest.raises(SlowUploadError):
        await harness.deliverer.deliver(await harness.take())
    assert (await harness.job()).state is State.RENDERED
