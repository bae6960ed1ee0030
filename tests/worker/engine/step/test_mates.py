"""Whoever comes, goes or fails beside a render: its latents are those that it has alone."""

import itertools
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from diffusers import DDIMScheduler  # noqa: E402

from tests.worker.engine.engines import asked  # noqa: E402
from worker.contract.types.request import Request, Scheduler  # noqa: E402
from worker.engine.errors import OutOfMemoryError, RenderCancelledError  # noqa: E402
from worker.engine.pipeline import at_once  # noqa: E402
from worker.engine.pipeline.device import Device  # noqa: E402
from worker.engine.step.probe import Probe  # noqa: E402
from worker.engine.step.trajectory import Trajectory  # noqa: E402

from .mates import DEADLY, Mates, Task  # noqa: E402

pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore:::diffusers")]

TOLERANCE = 1e-4  # as docs/measured.md says; of the largest value

SAMPLERS = [None, Scheduler.EULER_A, Scheduler.DPMPP_2M, Scheduler.UNIPC]
requests = st.builds(
    asked,
    prompt=st.sampled_from(["a", "a whale", "a red whale"]),
    seed=st.integers(0, 3),
    count=st.integers(1, 3),
    steps=st.integers(1, 4),
    scheduler=st.sampled_from(SAMPLERS),
    guidance_scale=st.sampled_from([1.0, 3.0]),
)
# The turn at which each comes, and the turn at which it is cancelled, if ever.
crowds = st.lists(st.tuples(requests, st.integers(0, 6), st.none() | st.integers(0, 8)), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def scheduler() -> Any:
    return DDIMScheduler(clip_sample=False)


def drawn(mates: Mates, crowd: Sequence[tuple[Request, int, int | None]]) -> list[Task]:
    """All of them, each from its own turn on."""
    tasks: list[tuple[Task, int | None]] = []
    waiting, turn = sorted(crowd, key=lambda each: each[1]), 0
    while waiting or len(mates.group):
        while waiting and waiting[0][1] <= turn:
            request, _, cancelled = waiting.pop(0)
            tasks.append((mates.begin(request), cancelled))
        for task, cancelled in tasks:
            task.stopped = task.stopped or (cancelled is not None and turn >= cancelled)
        mates.turn()
        turn += 1
        assert turn < 500
    return [task for task, _ in tasks]


def apart(mates: Mates, task: Task) -> float:
    """How far it is from what it is alone, as a part of the largest value."""
    alone = mates.alone(task.request)
    assert sorted(task.latents) == sorted(alone)
    return max(float((alone[n] - task.latents[n]).abs().max() / alone[n].abs().max().clamp(min=1)) for n in alone)


@settings(max_examples=25, deadline=None)
@given(crowd=crowds, rows=st.sampled_from([2, 8]), decoded=st.integers(1, 3))
def test_each_is_drawn_as_it_would_be_alone(scheduler: Any, crowd: Any, rows: int, decoded: int) -> None:
    mates = Mates(scheduler, rows, decoded)
    for task in drawn(mates, crowd):
        error = mates.ended[task].error
        if error is None:
            assert apart(mates, task) <= TOLERANCE
        else:
            assert isinstance(error, RenderCancelledError)
            assert task.stopped


@settings(max_examples=15, deadline=None)
@given(crowd=crowds)
def test_the_exact_mode_is_so_bit_for_bit(scheduler: Any, crowd: Any) -> None:
    mates = Mates(scheduler, rows=4, exact=True)
    for task in drawn(mates, crowd):
        assert mates.ended[task].error or apart(mates, task) == 0
    assert set(mates.family.calls) == {4} or not mates.family.calls


def test_in_the_exact_mode_it_does_not_matter_with_which_samplers_others_are_drawn(scheduler: Any) -> None:
    """They remember more or less, and a step is one calculation for all."""
    mates = Mates(scheduler, rows=4, exact=True)
    crowd = [
        (
            asked(seed=10 * number, scheduler=name, steps=4 + number % 3, count=1 + number % 3, guidance_scale=3.0),
            0,
            None,
        )
        for number, name in enumerate([None, *Scheduler])
    ]
    assert [apart(mates, task) for task in drawn(mates, crowd)] == [0] * len(crowd)


@settings(max_examples=15, deadline=None)
@given(crowd=crowds, place=st.integers(0, 5))
def test_only_the_one_that_fails_has_failed(scheduler: Any, crowd: Any, place: int) -> None:
    number = place % len(crowd)
    crowd[number] = (crowd[number][0].model_copy(update={"prompt": DEADLY}), *crowd[number][1:])
    mates = Mates(scheduler)
    for task in drawn(mates, crowd):
        error = mates.ended[task].error
        if task.request.prompt == DEADLY:
            assert isinstance(error, ArithmeticError | RenderCancelledError)
        else:
            assert isinstance(error, RenderCancelledError) if error else apart(mates, task) <= TOLERANCE


@settings(max_examples=15, deadline=None)
@given(crowd=crowds, fits=st.integers(1, 5))
def test_less_memory_than_a_call_wants_ends_nobody(scheduler: Any, crowd: Any, fits: int) -> None:
    mates = Mates(scheduler)
    mates.family.most = fits
    for task in drawn(mates, crowd):
        error = mates.ended[task].error
        assert isinstance(error, RenderCancelledError) if error else apart(mates, task) <= TOLERANCE
    assert max(mates.family.calls, default=0) <= fits


def test_a_step_that_fails_over_the_noise_of_one_leaves_all_as_they_were(
    scheduler: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Noise comes last, for one picture after another, and each may be the one that finds no memory left."""
    mates, request = Mates(scheduler), asked(count=3, steps=6, scheduler=Scheduler.EULER_A)
    alone, placed, calls = mates.alone(request), Trajectory._placed, itertools.count()

    def full(self: Trajectory, noise: Any) -> Any:
        if next(calls) % 5 == 4:
            raise MemoryError
        return placed(self, noise)

    monkeypatch.setattr(Trajectory, "_placed", full)
    (task,) = drawn(mates, [(request, 0, None)])
    assert mates.ended[task].error is None
    assert all(torch.equal(task.latents[number], alone[number]) for number in range(3))


@pytest.mark.parametrize(("fails", "error"), [(1, None), (99, OutOfMemoryError)])
def test_what_is_read_for_a_step_may_find_no_memory_at_first_and_is_told_as_such_at_last(
    scheduler: Any, fails: int, error: type[Exception] | None
) -> None:
    """LoRAs and guides, whose place others have taken since they were read."""
    mates = Mates(scheduler)
    task, left = mates.begin(asked(steps=2)), [MemoryError] * fails

    def use(_: Request) -> None:
        if left:
            raise left.pop()

    mates.loaded.use = use
    while len(mates.group):
        mates.turn()
    found = mates.ended[task].error
    assert (type(found) if found else None) is error


def test_four_pictures_are_one_encode_and_a_call_a_step_and_no_row_is_for_nothing(scheduler: Any) -> None:
    mates = Mates(scheduler, rows=8, decoded=4)
    drawn(mates, [(asked(count=4, steps=20, guidance_scale=3.0), 0, None)])
    assert mates.family.calls == [8] * 20
    assert mates.family.encoded == 1


def test_four_people_with_a_picture_each_share_their_calls(scheduler: Any) -> None:
    mates = Mates(scheduler, rows=8)
    drawn(mates, [(asked(seed=number, steps=20, guidance_scale=3.0), 0, None) for number in range(4)])
    assert mates.family.calls == [8] * 20


@pytest.mark.parametrize(("guidance", "price"), [(1.0, 3.0), (3.0, 1.5)])
def test_the_price_of_the_exact_mode_is_that_of_rows_for_nothing(
    scheduler: Any, monkeypatch: pytest.MonkeyPatch, guidance: float, price: float
) -> None:
    seconds = {1: 1.0, 2: 1.0, 4: 0.75}  # of each row, in a call of so many
    monkeypatch.setattr(at_once, "measured", lambda sizes, *_: {size: seconds[size] for size in sizes})
    found = {}
    for exact in (False, True):
        device = Device(torch.device("cpu"), torch.float32, exact=exact)
        found[exact] = at_once.AtOnce(device, Probe()).price(Mates(scheduler).stepper, asked(guidance_scale=guidance))
    assert found == {False: None, True: price}
