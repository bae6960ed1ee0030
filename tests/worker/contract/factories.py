"""Small valid things for tests of the contract."""

from collections.abc import Mapping
from typing import Any

from worker.contract.types.destination import Destination
from worker.contract.types.guide_info import CANNY, STYLE, GuideInfo
from worker.contract.types.job import NewJob
from worker.contract.types.lora_info import LoraInfo
from worker.contract.types.model_info import ModelInfo, UpscalerInfo
from worker.contract.types.operation import Operation, SourcePicture, SourceRole
from worker.contract.types.request import Guide, Request, Upscale
from worker.contract.types.result import Picture, Result
from worker.contract.types.source_place import SourcePlace, SourcePlaces
from worker.contract.types.timings import Caps, Timings
from worker.contract.types.upscale_source import UpscaleSource

WIDE = Caps(person=10**6, server=10**6, total=10**6, rate_person=0, rate_server=0)  # no test or load meets these
TIMINGS = Timings(lease=0, answer_grace=0, edit_every=0, retell=0)  # everything is due at once
UPSCALER = UpscalerInfo(id="upscaler.x4", title="x4", scale=4, pixels_max=1024 * 1024)
HOW = Upscale(upscaler="upscaler.x4", scale=4, width=128, height=96)
INFO = ModelInfo(id="starter", title="Starter", native_pixels=128 * 128, side_min=64, side_max=256)
BEGINS = INFO.model_copy(
    update={"operations": ("img2img",), "loras": (LoraInfo(id="pixel", title="Pixel art", triggers=("pixels",)),)}
)
FOLLOWS = INFO.model_copy(
    update={
        "guides": (
            GuideInfo(id="edges", title="Edges", kind=CANNY),
            GuideInfo(id="look", title="Look", kind=STYLE, weight=0.6),
        )
    }
)
PICTURE = SourcePicture(width=640, height=480)
EDGES = Guide(id="edges", weight=0.75, picture=PICTURE.model_copy(update={"role": SourceRole.GUIDE}))
LOOK = Guide(id="look", weight=1, picture=PICTURE.model_copy(update={"role": SourceRole.REFERENCE}))
RESULT = Result(pictures=(Picture(seed=7, width=64, height=64, size=3),), timings={"total": 12.0})


def request(**changes: Any) -> Request:
    fields: dict[str, Any] = {
        "prompt": "a red apple", "model": "starter", "width": 128, "height": 128, "steps": 20,
        "guidance_scale": 5, "seed": 42, "count": 4,
    }  # fmt: skip
    return Request(**fields | changes)


def new_job(
    name: str, *, owner: int = 1, server: str = "10", model: str = "starter", event: str = "",
    event_ttl: float | None = None, token: str | None = "secret",
) -> NewJob:  # fmt: skip
    return NewJob(
        id=name, event=event or f"interaction:{name}", event_ttl=event_ttl, owner=owner, server=server,
        request=request(model=model), destination=Destination(channel=77, server=10, application=5, token=token),
    )  # fmt: skip


def upscale_job(
    name: str, link: str = "https://cdn.discordapp.com/attachments/1/2/a.png", *, alone: bool = False
) -> NewJob:
    index = 0 if alone else 1
    return new_job(name).model_copy(
        update={
            "request": request().only(index).enlarged(HOW),
            "source": UpscaleSource(channel=77, message=88, index=index, alone=alone, link=link),
            "verb": "upscale",
        }
    )


def begun(**changes: Any) -> Request:
    """One that begins with a picture."""
    fields: dict[str, Any] = {"operation": Operation.IMG2IMG, "sources": (PICTURE,), "strength": 0.6}
    return request(**fields | changes)


def begun_job(name: str, link: str = "https://cdn.discordapp.com/attachments/1/2/a.png", **changes: Any) -> NewJob:
    places = SourcePlaces(pictures=(SourcePlace(attachment=2, link=link),))
    return new_job(name).model_copy(update={"request": begun(**changes), "sources": places})


def named(button: Mapping[str, Any]) -> str:
    """What people read on a button; its sign where it has no words."""
    return str(button.get("label") or button["emoji"]["name"])
