"""The networks beside a model by which it follows pictures, in memory: which of them are at work, at any moment.

ControlNets stand beside the UNet and are asked before it. An IP-Adapter works within its attentions: it is put in and
taken out again, and then the model is what it was, to the last bit.
"""

import logging
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import torch
from PIL import Image

from worker.contract.types import cause as causes
from worker.contract.types.guide_info import STYLE, GuideInfo
from worker.contract.types.operation import SourceRole
from worker.contract.types.request import GUIDES_MAX, Guide
from worker.engine.errors import ModelError, ModelGoneError
from worker.engine.step.families.base import Family
from worker.engine.step.families.followed import LOOK, picture_of, weight_of
from worker.engine.step.trajectory import Condition

from .guide_config import GuideConfig
from .guide_files import Adapter, adapter, control

log = logging.getLogger(__name__)

_HELD = GUIDES_MAX  # on the device: a ControlNet takes a third of its model
_PROJECTED = "ip_image_proj"


class Guides:
    """Used by the GPU thread only."""

    def __init__(
        self, model: str, pipeline: Any, family: Family, device: torch.device, configs: Sequence[GuideConfig]
    ) -> None:
        self._model, self._unet, self._family, self._device = model, pipeline.unet, family, device
        self._configs = {config.id: config for config in configs}
        self._held: OrderedDict[str, Any] = OrderedDict()
        self._worn: tuple[str, float] | None = None  # the adapter that is in, and its weight
        self._own: tuple[dict[str, Any], Any, Any] | None = None  # of the UNet, while an adapter is in

    @property
    def offered(self) -> tuple[GuideInfo, ...]:
        """Those that can be used."""
        return tuple(config.info for config in self._configs.values())

    def leave_out(self, name: str) -> None:
        """It cannot be used."""
        self._configs.pop(name, None)
        self._held.pop(name, None)

    def read(self, name: str) -> None:
        """Have it in memory. Raises ModelError, or what torch raises when memory does not suffice."""
        if name not in self._held:
            self._take_out()  # what is read is made for the UNet as it is without any
            made = adapter if self._configs[name].info.kind == STYLE else control
            while len(self._held) >= _HELD:
                self._held.popitem(last=False)
            self._held[name] = made(self._model, self._configs[name], self._unet, self._device)
        self._held.move_to_end(name)

    def use(self, wanted: Sequence[Guide]) -> None:
        """Follow by these from now on, and by no others.

        Raises ModelGoneError where a file is no longer what it was; then none is used.
        """
        self._family.controls = {}
        try:
            for guide in wanted:
                self.read(guide.id)
        except (ModelError, OSError, LookupError) as error:
            self._take_out()
            log.warning("%s", error)
            raise ModelGoneError(causes.model_damaged()) from error
        looks = [guide for guide in wanted if guide.picture.role is SourceRole.REFERENCE]
        self._wear(looks[0] if looks else None)
        named = (guide.id for guide in wanted if guide not in looks)
        self._family.controls = {name: self._held[name] for name in named}

    def conditions(self, wanted: Sequence[Guide], pictures: Sequence[Image.Image]) -> tuple[Condition, Condition]:
        """What rows with and without the prompt are given beside their texts, while these are used."""
        given: dict[str, torch.Tensor] = {}
        without: dict[str, torch.Tensor] = {}
        for guide, picture in zip(wanted, pictures, strict=True):
            if guide.picture.role is SourceRole.REFERENCE:
                given[LOOK], without[LOOK] = self._held[guide.id].looks(picture)
                continue
            pixels = torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8)
            pixels = pixels.view(picture.height, picture.width, 3).permute(2, 0, 1).to(self._family.device)
            same = {
                picture_of(guide.id): pixels.float() / 255,
                weight_of(guide.id): torch.tensor(guide.weight, device=self._family.device),
            }
            given |= same
            without |= same
        return given, without

    def _wear(self, guide: Guide | None) -> None:
        worn = (guide.id, guide.weight) if guide else None
        if worn == self._worn:
            return
        self._take_out()
        if guide is None:
            return
        found: Adapter = self._held[guide.id]
        unet = self._unet
        self._own = dict(unet.attn_processors), unet.encoder_hid_proj, unet.config.encoder_hid_dim_type
        for processor in found.processors.values():
            if hasattr(processor, "scale"):
                processor.scale = [guide.weight]
        self._put_in(found.processors, found.projection, _PROJECTED)
        self._worn = worn

    def _take_out(self) -> None:
        if self._own is not None:
            self._put_in(*self._own)
        self._own = self._worn = None

    def _put_in(self, processors: dict[str, Any], projection: Any, kind: Any) -> None:
        self._unet.encoder_hid_proj = None  # whose own attentions would be counted among the UNet's
        self._unet.set_attn_processor(dict(processors))
        self._unet.encoder_hid_proj = projection
        self._unet.register_to_config(encoder_hid_dim_type=kind)
