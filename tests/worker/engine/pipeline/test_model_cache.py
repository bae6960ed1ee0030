"""Which models stay in memory; with weights that are only numbers."""

from types import SimpleNamespace
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from worker.engine.errors import OutOfMemoryError  # noqa: E402
from worker.engine.pipeline import model_cache  # noqa: E402
from worker.engine.pipeline.model_cache import ModelCache  # noqa: E402

pytestmark = pytest.mark.engine


class Memory:
    """A device with room for so many values of one byte, and a loader that fills it; `fails` of its loads do."""

    def __init__(self, size: int) -> None:
        self.size, self.loaded, self.fails = size, [], 0
        self.counts, self.really = False, {}
        self.cache: ModelCache

    def room(self) -> int:
        resolved: list[Any] = [held.resolved for held in self.cache._held.values()]
        return self.size - sum(each.values for each in resolved)

    def free_caches(self) -> None:
        """There are none."""

    def held(self) -> int | None:
        return self.counted() if self.counts else None

    def counted(self) -> int:
        return sum(self.really.get(each, 10) for each in self.loaded)

    def load(self, resolved: Any, _: object) -> Any:
        self.loaded.append(name(resolved))
        if self.fails:
            self.fails -= 1
            raise torch.OutOfMemoryError("CUDA out of memory")
        return SimpleNamespace(resolved=resolved)


def model(named: str, values: int = 10) -> Any:
    info = SimpleNamespace(id=named, size=lambda _across, _down: (64, 64))
    return SimpleNamespace(config=SimpleNamespace(info=info, origin=SimpleNamespace(offload=None)), values=values)


def name(resolved: Any) -> str:
    return str(resolved.config.info.id)


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    memory = Memory(30)
    monkeypatch.setattr(model_cache, "load", memory.load)
    monkeypatch.setattr(model_cache, "release", lambda: None)  # the collector takes half a second each time
    monkeypatch.setattr(model_cache, "bytes_of", lambda model, _: model.values)
    return memory


def cache(memory: Memory, most: int = 0) -> ModelCache:
    memory.cache = ModelCache(memory, most)  # type: ignore[arg-type]
    return memory.cache


def held(memory: Memory) -> set[str]:
    return set(memory.cache._held)


def test_the_least_recently_drawn_model_goes_first(memory: Memory) -> None:
    models = cache(memory)
    for each in "abcad":
        models.take(model(each))
    assert held(memory) == {"c", "a", "d"}
    assert memory.loaded == ["a", "b", "c", "d"]


def test_no_more_are_held_than_the_operator_allows(memory: Memory) -> None:
    models = cache(memory, most=2)
    for each in "abc":
        models.take(model(each))
    assert held(memory) == {"b", "c"}


def test_as_many_go_as_a_large_one_needs(memory: Memory) -> None:
    models = cache(memory)
    for each in "abc":
        models.take(model(each))
    models.take(model("large", 25))
    assert held(memory) == {"large"}


def test_one_that_does_not_fit_by_itself_is_tried_all_the_same(memory: Memory) -> None:
    cache(memory).take(model("huge", 100))
    assert held(memory) == {"huge"}


def test_to_make_room_every_other_model_goes(memory: Memory) -> None:
    models = cache(memory)
    for each in "abc":
        models.take(model(each))
    models.make_room("b")
    assert held(memory) == {"b"}


def test_one_that_takes_more_than_it_said_is_tried_again_with_fewer_held(memory: Memory) -> None:
    models = cache(memory)
    for each in "ab":
        models.take(model(each))
    memory.fails = 1
    models.take(model("c"))
    assert held(memory) == {"b", "c"}
    memory.fails = 9
    with pytest.raises(OutOfMemoryError):
        models.take(model("d"))
    assert held(memory) == set()


def test_what_a_model_took_counts_more_than_what_its_files_say(memory: Memory) -> None:
    memory.counts, memory.really = True, {"a": 25}
    models = cache(memory)
    models.take(model("a"))
    models.take(model("b"))
    assert held(memory) == {"a", "b"}  # nobody knew before
    models.drop("a")
    assert not models.fits(model("a"))  # 25, beside the 10 of b
    assert models.fits(model("c"))


def test_all_go_when_nobody_asks_for_anything(memory: Memory) -> None:
    models = cache(memory)
    for each in "ab":
        models.take(model(each))
    models.clear()
    assert held(memory) == set()
    models.take(model("a"))
    assert memory.loaded == ["a", "b", "a"]
