"""What the engine offers, where a folder is watched besides the catalogue: what to take up, and what to let go."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from worker.contract.types.model_info import ModelInfo

from .fetch import ResolvedModel
from .model_config import Catalogue, ModelConfig
from .watched_folder import Held, Print, Put, WatchedFolder, fitting, with_loras


@dataclass(frozen=True)
class Plan:
    """What is to be done.

    Attributes:
        gone: no longer offered as they were; some of them are taken up anew.
        ready: to be taken up.
    """

    gone: tuple[ModelConfig, ...] = ()
    ready: tuple[ModelConfig, ...] = ()


class WatchedModels:
    """The catalogue, and the folder beside it. `look` is for any one thread at a time, all else for the GPU thread.

    Args:
        folder: None: there is none.
        listed: the catalogue, whose models come first and keep their ids.
    """

    def __init__(self, folder: Path | None, listed: Catalogue) -> None:
        self._folder = WatchedFolder(folder) if folder else None
        self._listed = {each.info.id: each for each in listed.entries}
        self._held = Held()
        self._put: dict[str, Put] = {}  # models of the folder, by id
        self._twice: tuple[str, ...] = ()
        self._taken: dict[str, ModelConfig] = {}  # all that were taken up, or could not be
        self._given: dict[str, tuple[Path, dict[Path, Print]]] = {}  # where each lies, and the LoRAs that it was given

    def look(self) -> bool:
        """Whether something in the folder has come, changed or gone."""
        return self._folder is not None and self._folder.look()

    def plan(self) -> Plan:
        """What has to change, so that all that the folder held at the last look is offered."""
        before = self._put
        if self._folder:
            self._held = self._folder.read()
            self._put, self._twice = self._named()
        other = {name for name in {*before, *self._put} if before.get(name) != self._put.get(name)}
        other |= {name for name, (path, given) in self._given.items() if self._for(path) != given}
        gone = tuple(self._taken.pop(name) for name in sorted(other & self._taken.keys()))
        for config in gone:
            self._given.pop(config.info.id, None)
        every = self._listed | {name: put.model for name, put in self._put.items() if put.model}
        ready = tuple(each for name, each in every.items() if name not in self._taken)
        self._taken |= {each.info.id: each for each in ready}
        return Plan(gone, ready)

    def _named(self) -> tuple[dict[str, Put], tuple[str, ...]]:
        """The models of the folder by their ids, and words about those whose id another one has."""
        found, twice = dict[str, Put](), list[str]()
        for put in self._held.models:
            name = put.model.info.id if put.model else ""
            if other := self._listed.get(name) or (found[name].model if name in found else None):
                twice.append(
                    f"{put.path}: {other.place} has the id {name!r} already. Rename one. This one is left out."
                )
            else:
                found[name] = put
        return found, tuple(twice)

    def dressed(self, resolved: ResolvedModel) -> ResolvedModel:
        """The same with the LoRAs of the folder that may be for it."""
        self._given[resolved.config.info.id] = resolved.path, self._for(resolved.path)
        more, _ = fitting(self._held.loras, resolved.path)
        return replace(resolved, config=with_loras(resolved.config, more)) if more else resolved

    def in_order(self, models: Iterable[ModelInfo]) -> tuple[ModelInfo, ...]:
        """As the catalogue has them, then as the folder does."""
        order = [*self._listed, *self._put]
        return tuple(sorted(models, key=lambda each: order.index(each.id)))

    def problems(self) -> tuple[str, ...]:
        """What of the folder cannot be used."""
        used = {path for _, given in self._given.values() for path in given}
        left = [put.path for put in self._held.loras if put.path not in used]
        words = [f"{path}: it is for another kind of model than there are here. It is left out." for path in left]
        return (*self._held.problems, *self._twice, *words)

    def _for(self, path: Path) -> dict[Path, Print]:
        _, paths = fitting(self._held.loras, path)
        return {put.path: put.print for put in self._held.loras if put.path in paths}
