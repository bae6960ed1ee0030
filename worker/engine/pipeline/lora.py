"""The LoRAs of a model in memory: which of them change what its layers make, at any moment.

They are added beside the layers and never to their weights. So another set takes milliseconds, whatever format the
weights have; and without them the model is what it was, to the last bit.
"""

import logging
from collections import OrderedDict
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch

from worker.contract.types import cause as causes
from worker.contract.types.lora_info import LoraInfo
from worker.contract.types.request import LORAS_MAX, Lora
from worker.engine.errors import ModelError, ModelGoneError

from .lora_config import LoraConfig
from .lora_files import Layer, layers
from .one_file import found

log = logging.getLogger(__name__)

_HELD = 2 * LORAS_MAX  # on the device, each some hundred MB at most
Used = tuple[tuple[str, float], ...]  # ids and weights


class Loras:
    """Used by the GPU thread only."""

    def __init__(self, pipeline: Any, device: torch.device, configs: Sequence[LoraConfig]) -> None:
        self._pipeline, self._device = pipeline, device
        self._configs = {config.id: config for config in configs}
        self._held: OrderedDict[str, list[Layer]] = OrderedDict()
        self._hooks: list[Any] = []
        self.used: Used = ()

    def check(self, model: str) -> list[str]:
        """Read each once; words about those that cannot be used, which are no longer offered."""
        problems: list[str] = []
        for config in [*self._configs.values()]:
            try:
                layers(f"{model}, LoRA {config.id}", _file(model, config), self._pipeline)
            except ModelError as error:
                del self._configs[config.id]
                problems.append(str(error))
        return problems

    @property
    def offered(self) -> tuple[LoraInfo, ...]:
        """Those that can be used."""
        return tuple(config.info for config in self._configs.values())

    def use(self, wanted: Sequence[Lora]) -> None:
        """Draw with these from now on, and with no others.

        Raises ModelGoneError where a file is no longer what it was; then none is used.
        """
        used = tuple(sorted((each.id, each.weight) for each in wanted))
        if used == self.used:
            return
        self._let_go()
        by_module: dict[torch.nn.Module, list[tuple[Layer, float]]] = {}
        for name, weight in used:
            for layer in self._layers(name) if weight else ():
                by_module.setdefault(layer.module, []).append((layer, layer.scale * weight))
        self._hooks = [module.register_forward_hook(partial(_add, found)) for module, found in by_module.items()]
        self.used = used

    def _let_go(self) -> None:
        for hook in self._hooks:
            hook.remove()
        self._hooks, self.used = [], ()

    def _layers(self, name: str) -> list[Layer]:
        if name not in self._held:
            try:
                file = _file(name, self._configs[name])
                read = layers(name, file, self._pipeline)
            except (ModelError, OSError, LookupError) as error:
                log.warning("LoRA %s: %s", name, error)
                raise ModelGoneError(causes.model_damaged()) from error
            self._held[name] = [_on(layer, self._device) for layer in read]
        self._held.move_to_end(name)
        while len(self._held) > _HELD:
            self._held.popitem(last=False)
        return self._held[name]


def _file(model: str, config: LoraConfig) -> Path:
    return found(model, config.origin.source, config.origin.revision, config.base)


def _on(layer: Layer, device: torch.device) -> Layer:
    return Layer(layer.module, layer.down.to(device), layer.up.to(device), layer.scale)


def _add(added: list[tuple[Layer, float]], module: torch.nn.Module, given: tuple[Any, ...], made: Any) -> Any:
    """What a layer makes, and what LoRAs make of the same input."""
    (noted,) = given[:1]
    for layer, scale in added:
        down, up = layer.down.to(noted), layer.up.to(noted)
        if isinstance(module, torch.nn.Conv2d):
            low = torch.nn.functional.conv2d(noted, down, None, module.stride, module.padding, module.dilation)
            made = made + torch.nn.functional.conv2d(low, up) * scale
        else:
            made = made + torch.nn.functional.linear(torch.nn.functional.linear(noted, down), up) * scale
    return made
