"""Renders of several people drawn together: who joins, who leaves, and whose fault a fault is."""

import asyncio
import io
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from PIL import Image

torch = pytest.importorskip("torch")

from tests.worker.engine import tiny  # noqa: E402
from tests.worker.engine.engines import asked, finished  # noqa: E402
from tests.worker.engine.families import builders  # noqa: E402
from worker.contract.types.request import Request, Scheduler  # noqa: E402
from worker.engine.errors import OutOfMemoryError, RenderCancelledError, UnfitError  # noqa: E402
from worker.engine.pipeline.at_once import AtOnce  # noqa: E402
from worker.engine.pipeline.diffusers_backend import DiffusersBackend  # noqa: E402
from worker.engine.protocol import RenderCall, Step  # noqa: E402
from worker.engine.service.render_task import RenderTask  # noqa: E402
from worker.engine.service.turns import Ended  # noqa: E402
from worker.engine.settings import EngineSettings  # noqa: E402

# What diffusers and NumPy deprecate between themselves is not ours to mend.
pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore:::diffusers")]


@pytest.fixture(autouse=True)
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if it had been measured: it must not depend on how busy a machine is."""
    monkeypatch.setattr(AtOnce, "_best", lambda _, what, *__: {"rows": 16, "decoded": 2}[what])


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> DiffusersBackend:
    """Two of Stable Diffusion as m0 and m1; PixArt, which draws by its own pipeline, as m2."""
    folder = tmp_path_factory.mktemp("models")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what diffusers deprecates is not ours to mend
        one, other = (tiny.build(folder / name, seed=seed) for seed, name in enumerate(("one", "other")))
        pixart = tiny.save(folder / "pixart", lambda: builders.pixart(folder))
        listed = tiny.catalogue(folder, one, other, pixart)
        backend = DiffusersBackend(EngineSettings(models=listed, device="cpu", threads=1))
        backend.load(lambda: None)
    assert backend.problems() == ()
    return backend


@pytest.fixture
def calls(backend: DiffusersBackend):
    """Rows of each call of m0's UNet."""
    found: list[int] = []
    unet = backend._cache.take(backend._resolved["m0"]).pipeline.unet
    hook = unet.register_forward_pre_hook(lambda _, inputs: found.append(len(inputs[0])))
    yield found
    hook.remove()


class Renders:
    """What the executor does with a backend, one turn at a time."""

    def __init__(self, backend: DiffusersBackend, pool: ThreadPoolExecutor) -> None:
        self.ended: dict[RenderTask, Ended] = {}
        self._backend, self._pool = backend, pool

    def begin(self, **more: Any) -> RenderTask:
        wish: dict[str, Any] = {"model": "m0", "steps": 3} | more
        request = asked(**wish)
        task = RenderTask(RenderCall(id=f"j-{len(self.ended)}", request=request, preview=False), self._pool)
        assert self._backend.accepts(task)
        self._backend.begin(task)
        return task

    def turn(self) -> list[RenderTask]:
        ended = self._backend.turn()
        self.ended |= {each.task: each for each in ended}
        return [each.task for each in ended]

    async def pictures(self, *tasks: RenderTask) -> list[list[bytes]]:
        """Pixels of each, when all are over. Raises what one of them raised."""
        while not all(task in self.ended for task in tasks):
            await asyncio.to_thread(self.turn)
        return [await self._pixels(task) for task in tasks]

    async def _pixels(self, task: RenderTask) -> list[bytes]:
        if error := self.ended[task].error:
            raise error
        found = [frame for frame in await finished(task) if frame.header.kind == "picture"]
        files = [frame.body for frame in sorted(found, key=lambda frame: frame.header.index)]
        return [Image.open(io.BytesIO(file)).tobytes() for file in files]

    async def alone(self, **more: Any) -> list[bytes]:
        return (await self.pictures(self.begin(**more)))[0]


@pytest.fixture
def renders(backend: DiffusersBackend):
    with ThreadPoolExecutor(1) as pool:
        yield Renders(backend, pool)
    assert not backend._drawing._groups


def in_group(renders: Renders) -> list[Any]:
    """Those of the one group that there is, in the order of their next turns."""
    (group,) = renders._backend._drawing._groups.values()
    return group._renders


def alike(some: list[bytes], others: list[bytes]) -> bool:
    """Equal but for rounding."""
    return len(some) == len(others) and all(
        abs(a - b) <= 1 for one, two in zip(some, others, strict=True) for a, b in zip(one, two, strict=True)
    )


WISHES: list[dict[str, Any]] = [
    {"seed": 1, "count": 2},
    {"seed": 2, "steps": 5, "guidance_scale": 1.0},
    {"seed": 3, "scheduler": Scheduler.EULER_A, "prompt": "a blue whale"},
    {"seed": 4, "scheduler": Scheduler.DPMPP_2M, "negative_prompt": "red", "guidance_scale": 7.0},
]


async def test_together_each_gets_what_it_would_get_alone(renders: Renders, calls: list[int]) -> None:
    alone = [await renders.alone(**wish) for wish in WISHES]
    calls.clear()
    together = await renders.pictures(*(renders.begin(**wish) for wish in WISHES))
    assert all(alike(one, other) for one, other in zip(together, alone, strict=True))
    assert calls == [9, 9, 9, 1, 1]


async def test_prompts_of_other_lengths_are_drawn_in_turns_each_as_alone(renders: Renders, calls: list[int]) -> None:
    wishes: list[dict[str, Any]] = [
        {"prompt": "a" * 200},
        {"prompt": "a (red:1.3) apple"},
        {"negative_prompt": "b" * 99},
    ]
    alone = [await renders.alone(**wish) for wish in wishes]
    calls.clear()
    together = await renders.pictures(*[renders.begin(**wish) for wish in wishes])
    assert all(alike(*pair) for pair in zip(together, alone, strict=True))
    assert calls == [2] * 9  # of three, two and one chunks


async def test_one_joins_at_any_step_and_leaves_when_it_is_drawn(renders: Renders, calls: list[int]) -> None:
    alone = [await renders.alone(**wish) for wish in WISHES[:2]]
    calls.clear()
    first = renders.begin(**WISHES[1])
    renders.turn()
    second = renders.begin(**WISHES[0])
    together = await renders.pictures(second, first)
    assert all(alike(one, other) for one, other in zip(together, alone, strict=True))
    assert calls == [1, 5, 5, 5, 1]


async def test_more_than_fill_a_call_take_turns(renders: Renders, calls: list[int]) -> None:
    tasks = [renders.begin(count=4, steps=2, seed=number * 10) for number in range(3)]
    assert [renders.turn() for _ in range(2)] == [[], []]
    assert [next(iter(task_.on_way.values())).step for task_ in in_group(renders)] == [1, 1, 2]
    await renders.pictures(*tasks)
    assert sum(calls) == 3 * 8 * 2
    assert max(calls) == 16
    assert len(calls) == 3


async def test_one_larger_than_a_call_is_drawn_in_several(renders: Renders, calls: list[int]) -> None:
    await renders.pictures(renders.begin(count=10, steps=1))
    assert calls == [10, 10]


async def test_one_is_cancelled_and_the_others_go_on(renders: Renders, calls: list[int]) -> None:
    first, second = renders.begin(steps=4), renders.begin(steps=4, seed=8)
    renders.turn()
    first.cancel()
    assert renders.turn() == [first]
    assert isinstance(renders.ended[first].error, RenderCancelledError)
    await renders.pictures(second)
    assert calls == [4, 2, 2, 2]


async def test_each_is_told_its_own_steps(renders: Renders) -> None:
    told: dict[RenderTask, list[tuple[int, int]]] = {}
    for steps in (2, 4):
        task = renders.begin(steps=steps)
        told[task] = []
        put = task._put

        def noting(header: Any, task: RenderTask = task, put: Any = put) -> None:
            if isinstance(header, Step):
                told[task].append((header.step, header.steps))
            put(header)

        task._put = noting
    await renders.pictures(*told)
    assert [*told.values()] == [[(n, steps) for n in range(1, steps + 1)] for steps in (2, 4)]


async def test_each_is_told_its_own_share_of_the_device(renders: Renders) -> None:
    """By its rows of each step, so that mates make nobody look slower; what people are told to wait goes by that."""
    began = time.monotonic()
    one, three = renders.begin(seed=1), renders.begin(seed=2, count=3)
    await renders.pictures(one, three)
    shares = [task.stopwatch._worked["steps"] for task in (one, three)]
    assert shares[1] == pytest.approx(3 * shares[0])
    assert sum(task.stopwatch.device_seconds for task in (one, three)) < time.monotonic() - began


async def test_of_seven_with_a_killer_six_are_drawn(renders: Renders, backend: DiffusersBackend) -> None:
    killer = "the wish that kills"
    family = backend._cache.held("m0").stepper.family
    deadly, _ = family.conditions(asked(killer))
    call = family.call

    def dying(latents: Any, timesteps: Any, conditions: Any) -> Any:
        if any(each["text"] is deadly["text"] for each in conditions):
            raise ArithmeticError("odd")
        return call(latents, timesteps, conditions)

    alone = await renders.alone(seed=1)
    family.call = dying
    try:
        tasks = [renders.begin(seed=number, prompt=killer if number == 3 else tiny.PROMPT) for number in range(7)]
        drawn = await renders.pictures(*tasks[:3], *tasks[4:])
    finally:
        del family.call
    assert all(len(each) == 1 for each in drawn)
    assert alike(drawn[1], alone)
    assert isinstance(renders.ended[tasks[3]].error, ArithmeticError)


async def test_too_little_memory_for_all_is_enough_for_each(renders: Renders, backend: DiffusersBackend) -> None:
    held = backend._cache.held("m0")
    assert held is not None
    assert held.stepper is not None

    def greedy(_: Any, inputs: Any) -> None:
        if len(inputs[0]) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory")

    alone = [await renders.alone(**wish) for wish in WISHES[:2]]
    hook = held.pipeline.unet.register_forward_pre_hook(greedy)
    try:
        together = await renders.pictures(*(renders.begin(**wish) for wish in WISHES[:2]))
    finally:
        hook.remove()
        held.stepper.rows_fit.clear()
    assert all(alike(one, other) for one, other in zip(together, alone, strict=True))


async def test_models_and_sizes_take_turns(renders: Renders, backend: DiffusersBackend, calls: list[int]) -> None:
    backend._cache.take(backend._resolved["m1"])
    tasks = [renders.begin(steps=6), renders.begin(steps=6, model="m1"), renders.begin(steps=6, width=96)]
    for _ in range(9):  # by time, so that the order of few is not certain
        renders.turn()
    assert 0 < len(calls) < 12
    assert len(await renders.pictures(*tasks)) == 3


def test_what_needs_the_device_for_itself_waits_and_is_waited_for(renders: Renders, backend: DiffusersBackend) -> None:
    def task(**more: Any) -> RenderTask:
        return RenderTask(RenderCall(id="x-1", request=Request(**(asked().model_dump() | more))), renders._pool)

    async def tried() -> None:
        backend._cache.take(backend._resolved["m1"])
        first = renders.begin()
        assert not backend.accepts(task(model="m2"))
        assert backend.accepts(task(model="m1"))
        await renders.pictures(first)
        own = renders.begin(model="m2")
        assert not backend.accepts(task(model="m0"))
        await renders.pictures(own)

    asyncio.run(tried())


async def test_a_size_that_would_be_rounded_is_refused(
    renders: Renders, backend: DiffusersBackend, monkeypatch
) -> None:
    monkeypatch.setattr(backend._cache.held("m0").pipeline, "vae_scale_factor", 16)
    with pytest.raises(UnfitError, match="72 × 64"):
        renders.begin(width=72)


async def test_what_cannot_be_encoded_for_lack_of_memory_is_told(renders: Renders, backend: DiffusersBackend) -> None:
    def never(*_: Any) -> None:
        raise MemoryError

    encoder = backend._cache.held("m0").pipeline.text_encoder
    hook = encoder.register_forward_pre_hook(never)
    try:
        with pytest.raises(OutOfMemoryError):
            renders.begin(prompt="a wish that was never heard")
    finally:
        hook.remove()
