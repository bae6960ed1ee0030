"""What works beside a model, tried before people are offered it: LoRAs, and networks by which it follows pictures."""

from typing import Any

from PIL import Image

from worker.contract.types.guide_info import GuideInfo
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.operation import SourcePicture
from worker.contract.types.request import Guide
from worker.engine.errors import ModelError, OutOfMemoryError
from worker.engine.step.memory import is_out_of_memory

from .device import is_lost
from .guides import Guides
from .load import LoadedModel
from .warm_up import Draw, Rehearsal, request

_STEPS = 4  # which every sampler can plan


def tried(loaded: LoadedModel, info: ModelInfo, draw: Draw) -> tuple[dict[str, Any], list[str]]:
    """What its information says of them, and words about those that cannot be used. `info`: as it draws without any.

    LoRAs are read once; by each guide a picture is drawn.
    """
    found, problems = dict[str, Any](), list[str]()
    if loaded.loras:
        problems += [f"{each} This LoRA is left out." for each in loaded.loras.check(info.id)]
        found["loras"] = loaded.loras.offered
    if loaded.guides:
        for guide in loaded.guides.offered:
            why = _unfit(info, loaded.guides, guide, draw)
            problems += [f"{why} This guide is left out."] if why else []
        found["guides"] = loaded.guides.offered
    elif info.guides:
        problems.append(f"model {info.id}: Easel knows no way to follow pictures with it. Its guides are left out.")
        found["guides"] = ()
    return found, problems


def _unfit(info: ModelInfo, guides: Guides, guide: GuideInfo, draw: Draw) -> str:
    """Why it cannot be used, and then is no longer offered; "" where it can."""
    side = -(-info.side_min // info.multiple) * info.multiple
    follows = Guide(id=guide.id, weight=1, picture=SourcePicture(role=guide.role, width=side, height=side))
    asked = request(info, side, side, _STEPS).model_copy(update={"guides": (follows,)})
    try:
        guides.read(guide.id)
        draw(Rehearsal(asked, Image.new("RGB", (side, side), "red")))
    except ModelError as error:
        guides.leave_out(guide.id)
        return str(error)
    except Exception as error:
        if isinstance(error, OutOfMemoryError) or is_out_of_memory(error) or is_lost(error):
            raise
        guides.leave_out(guide.id)
        return f"model {info.id}, guide {guide.id}: it does not draw ({type(error).__name__}: {str(error)[:200]})."
    return ""
