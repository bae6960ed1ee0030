"""From what a person typed to a request with every value filled in."""

import random
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import ValidationError

from bot.errors import BadOption, EmptyPrompt, OnlyMentions, OnlySquares, PromptTooLong
from bot.policy.limits import Policy
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.request import PROMPT_MAX, SEED_MAX, Request, Scheduler

from .prompt_text import words

RATIOS = ("1:1", "3:2", "2:3", "4:3", "3:4", "16:9", "9:16")
_MENTION = re.compile(r"<(?:@[!&]?|#|/[^:>]{1,100}:)\d+>|@everyone|@here")


@dataclass(frozen=True)
class Asked:
    """The options of `/imagine` as they came; None stands for "the model's own"."""

    prompt: str
    negative_prompt: str = ""
    aspect_ratio: str = "1:1"
    steps: int | None = None
    guidance: float | None = None
    scheduler: str | None = None
    seed: int | None = None
    count: int | None = None

    def with_names(self, names: Mapping[int, str]) -> "Asked":
        """The same with texts as a model can read them, cut at the length that a name may have made too great."""
        prompt, negative = (words(text, names)[:PROMPT_MAX] for text in (self.prompt, self.negative_prompt))
        return replace(self, prompt=prompt, negative_prompt=negative)


def check_words(asked: Asked) -> None:
    """Raise the Refusal that stands against the words themselves; needs no model and no Redis."""
    if not shows(asked.prompt):
        raise EmptyPrompt
    if not shows(_MENTION.sub("", asked.prompt)):
        raise OnlyMentions
    for option, text in (("prompt", asked.prompt), ("negative_prompt", asked.negative_prompt)):
        if len(text.strip()) > PROMPT_MAX:
            raise PromptTooLong(option, len(text.strip()), PROMPT_MAX)


def shows(text: str) -> bool:
    """Whether there is anything to see in it; format characters and spaces of all kinds are not."""
    return any(unicodedata.category(each)[0] not in "ZC" for each in text)


def resolve(asked: Asked, model: ModelInfo, policy: Policy) -> Request:
    """The request for this model: its defaults where nothing was asked, a random seed where none was.

    Raises Refusal when a value lies outside what any model takes, or the ratio outside what this one does.
    """
    check_words(asked)
    across, down = (int(part) for part in asked.aspect_ratio.split(":"))
    width, height = model.size(across, down)
    if width == height and across != down:
        raise OnlySquares(model.title)
    try:
        return Request(
            prompt=asked.prompt,
            negative_prompt=asked.negative_prompt,
            model=model.id,
            width=width,
            height=height,
            steps=model.steps if asked.steps is None else asked.steps,
            guidance_scale=model.guidance_scale if asked.guidance is None else asked.guidance,
            scheduler=model.scheduler if asked.scheduler is None else Scheduler(asked.scheduler),
            seed=random.randint(0, SEED_MAX) if asked.seed is None else asked.seed,
            count=policy.count if asked.count is None else asked.count,
        )
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        bounds = first.get("ctx", {})
        field = str(first["loc"][0]) if first["loc"] else ""
        option = "guidance" if field == "guidance_scale" else field  # as it is typed
        raise BadOption(option, bounds.get("ge"), bounds.get("le")) from None
