"""A group of renders over a model of a few numbers, so that thousands of steps take a second."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import torch
from PIL import Image

from worker.contract.types.request import Request
from worker.engine.errors import RenderCancelledError
from worker.engine.pipeline.device import Device
from worker.engine.pipeline.group import Group
from worker.engine.pipeline.preview import clean
from worker.engine.pipeline.stepped import Stepped
from worker.engine.pipeline.warm_up import Rehearsal
from worker.engine.service.turns import Ended
from worker.engine.step.stepper import Stepper

DEADLY = "the prompt that fails"
_ROUNDING = 2.0**-21  # what one row more in a call changes, as with models of half a gigabyte


class Family:
    """Stands for a model: what it predicts depends on everything, and a little on how many rows a call has."""

    device, dtype, plans_by_size = torch.device("cpu"), torch.float32, False

    def __init__(self) -> None:
        self.calls: list[int] = []
        self.encoded = 0
        self.most = 64  # rows that fit into memory

    def plan(self, scheduler: Any, asked: Request) -> None:
        scheduler.set_timesteps(asked.steps)

    def shape(self, _: Request) -> tuple[int, int, int]:
        return 4, 8, 8  # enough for products of matrices to be rounded by their size

    def size(self, asked: Request) -> tuple[int, int]:
        return asked.width, asked.height

    def heard(self, _: str) -> None:
        """Nothing is known of how it reads."""

    def conditions(self, asked: Request) -> tuple[dict[str, Any], dict[str, Any] | None]:
        self.encoded += 1
        given = {"text": torch.tensor(float(len(asked.prompt))), "deadly": torch.tensor(asked.prompt == DEADLY)}
        without = {"text": torch.tensor(0.0), "deadly": torch.tensor(False)}
        return given, without if asked.guidance_scale > 1 else None

    def call(self, latents: torch.Tensor, timesteps: torch.Tensor, conditions: Sequence[Any]) -> torch.Tensor:
        if len(latents) > self.most:
            raise MemoryError
        if any(each["deadly"] for each in conditions):
            raise ArithmeticError
        self.calls.append(len(latents))
        text = torch.stack([each["text"] for each in conditions])
        shift = (text + timesteps / 1000).view(-1, 1, 1, 1)
        return torch.tanh(latents + 0.1 * torch.sin(shift)) * (1 + _ROUNDING * len(latents))

    def decode(self, latents: torch.Tensor) -> list[Image.Image]:
        return [_picture(each) for each in latents]


def _picture(latents: torch.Tensor) -> Image.Image:
    """One that is not blank, and carries the latents with it."""
    image = Image.new("L", (2, 1))
    image.putpixel((0, 0), 255)
    image.info["latents"] = latents.clone()
    return image


class Task(Rehearsal):
    """A render that keeps its latents, and may be cancelled."""

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self.latents: dict[int, torch.Tensor] = {}
        self.stopped = False

    def check(self) -> None:
        if self.stopped:
            raise RenderCancelledError

    def step(self, *_: int) -> None:
        self.check()

    def wants_preview(self) -> bool:
        return False

    def picture(self, index: int, image: Image.Image, *_: object) -> None:
        self.latents[index] = image.info["latents"]


@dataclass
class Mates:
    """What the executor does with a group. `rows` and `decoded`: of one call."""

    scheduler: Any
    rows: int = 8
    decoded: int = 2
    exact: bool = False
    ended: dict[Task, Ended] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.family = Family()
        self.stepper = Stepper(self.family, clean)  # type: ignore[arg-type]
        loaded: Any = SimpleNamespace(
            pipeline=None,
            palette=None,
            scheduler=self.scheduler,
            sampler=lambda _: self.scheduler,
            spacing=lambda _: None,
            guides=None,
            prompt_matcher=None,
            stepper=self.stepper,
            resolved=SimpleNamespace(revision=""),
            use=lambda _: None,
        )
        self.loaded: Any = loaded
        at_once: Any = SimpleNamespace(rows=lambda *_: self.rows, decoded=lambda *_: self.decoded)
        device = Device(torch.device("cpu"), torch.float32, exact=self.exact)
        self.group = Group(self.loaded, self.stepper, device, at_once, free=lambda: None)

    def begin(self, request: Request) -> Task:
        task = Task(request)
        self.group.join(Stepped(self.loaded, self.stepper, task))
        return task

    def turn(self) -> None:
        self.ended |= {each.task: each for each in self.group.turn()}  # type: ignore[misc]

    def alone(self, request: Request) -> dict[int, torch.Tensor]:
        """What it becomes when nobody else is there."""
        other = Mates(self.scheduler, self.rows, self.decoded, exact=self.exact)
        task = other.begin(request)
        while len(other.group):
            other.turn()
        return task.latents
