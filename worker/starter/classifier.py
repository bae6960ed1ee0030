"""A judge of pictures: which subject, which style. Trained on the real drawings alone, never on what a model drew."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from worker.starter import checkpoints, loop
from worker.starter.data import scenes
from worker.starter.data.compose import Composer
from worker.starter.data.scenes import Mix, Scenes
from worker.starter.machine import Machine
from worker.starter.vocabulary import Vocabulary

SIDE = 64
_ALONE = Mix(pair=0.0)

_LENGTH, _PACE = loop.Length(6000), loop.Pace(2e-3, warmup=200, weight_decay=0.02)


@dataclass(frozen=True)
class ClassifierPlan:
    """How to train it."""

    length: loop.Length = _LENGTH
    pace: loop.Pace = _PACE
    batch: int = 48
    seed: int = 6

    def on(self, machine: Machine) -> "ClassifierPlan":
        """Fit it to the machine."""
        return replace(self, batch=256) if machine.large else self


class Convolutions(nn.Module):
    """Two convs around a shortcut, at half the side."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, 2, 1, bias=False)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.shortcut = nn.Conv2d(inputs, outputs, 1, 1, bias=False)
        self.norms = nn.ModuleList(nn.BatchNorm2d(outputs) for _ in range(2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(n, inputs, h, w) → (n, outputs, h / 2, w / 2)."""
        y = self.norms[1](self.second(functional.relu(self.norms[0](self.first(x)))))
        return functional.relu(y + self.shortcut(functional.avg_pool2d(x, 2)))


class Classifier(nn.Module):
    """Pictures (n, 3, h, w) in -1..1 → logits of subjects (n, subjects) and of styles (n, styles)."""

    def __init__(self, subjects: int, styles: int, widths: tuple[int, ...] = (32, 64, 128, 192, 256)) -> None:
        super().__init__()
        self.blocks = nn.Sequential(*(Convolutions(a, b) for a, b in zip((3, *widths), widths, strict=False)))
        self.subject = nn.Linear(2 * widths[-1], subjects)
        self.style = nn.Linear(widths[-1], styles)

    def forward(self, pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Judge pictures of any size; they are brought to `SIDE`."""
        if pictures.shape[-1] != SIDE:
            pictures = functional.interpolate(pictures, size=(SIDE, SIDE), mode="area")
        features = self.blocks(pictures)
        mean, most = features.mean(dim=(2, 3)), features.amax(dim=(2, 3))
        return self.subject(torch.cat([mean, most], dim=1)), self.style(mean)


def build(vocabulary: Vocabulary) -> Classifier:
    """Return a fresh one for all subjects and styles of `vocabulary`."""
    return Classifier(len(vocabulary.subjects), len(vocabulary.styles))


def draw_batch(composer: Composer, batch: int, seed: tuple[int, ...], machine: Machine) -> tuple[Scenes, torch.Tensor]:
    """Scenes of one thing each and their pictures, with a little noise and blur as a decoder would leave."""
    rng = np.random.default_rng(seed)
    drawn = scenes.draw(rng, batch, composer.vocabulary, mix=_ALONE)
    pictures = Composer(composer.drawings, composer.vocabulary, 2 * SIDE).pictures(drawn)
    pictures = functional.interpolate(pictures, size=(SIDE, SIDE), mode="area")
    blurred = functional.avg_pool2d(functional.pad(pictures, (1, 1, 1, 1), mode="replicate"), 3, 1)
    share = torch.from_numpy(rng.random((batch, 1, 1, 1)).astype(np.float32)).to(pictures.device)
    noise = torch.randn(pictures.shape, generator=machine.generator(*seed), device=pictures.device)
    return drawn, torch.lerp(pictures, blurred, share) + 0.04 * noise


def train(composer: Composer, plan: ClassifierPlan, folder: Path, machine: Machine) -> Classifier:
    """Train it, resuming from `folder`; returns it in evaluation mode."""
    torch.manual_seed(plan.seed)
    model = machine.place(build(composer.vocabulary))
    called = machine.faster(model)

    def loss(step: int) -> torch.Tensor:
        drawn, pictures = draw_batch(composer, plan.batch, (plan.seed, step), machine)
        subject, style = (torch.from_numpy(rows).to(machine.device) for rows in (drawn.first, drawn.style))
        with machine.autocast():
            subjects, styles = called(pictures)
        return functional.cross_entropy(subjects.float(), subject) + functional.cross_entropy(styles.float(), style)

    loop.fit("classifier", folder, model, loss, plan.length, plan.pace)
    return model.eval().requires_grad_(False)


def load(folder: Path, vocabulary: Vocabulary) -> Classifier:
    """Return the one whose checkpoint lies in `folder`, in evaluation mode."""
    model = build(vocabulary)
    checkpoints.restore_model(folder, model)
    return model.eval().requires_grad_(False)


@dataclass(frozen=True)
class Classification:
    """Shares of right answers."""

    pictures: int
    subject_top1: float
    subject_top5: float
    style: float


@torch.no_grad()
def judge(model: Classifier, pictures: torch.Tensor, subjects: torch.Tensor, styles: torch.Tensor) -> Classification:
    """Judge pictures (n, 3, h, w) in -1..1 that should show `subjects` (n,) in `styles` (n,)."""
    device = next(model.parameters()).device
    ranked, guessed = [], []
    for few in torch.split(pictures, 64):
        by_subject, by_style = model(few.to(device))
        ranked.append(by_subject.topk(min(5, by_subject.shape[1]), dim=1).indices.cpu())
        guessed.append(by_style.argmax(dim=1).cpu())
    right = torch.cat(ranked) == subjects[:, None]
    return Classification(
        pictures=len(pictures),
        subject_top1=right[:, 0].float().mean().item(),
        subject_top5=right.any(dim=1).float().mean().item(),
        style=(torch.cat(guessed) == styles).float().mean().item(),
    )


def own_accuracy(model: Classifier, composer: Composer, machine: Machine, count: int = 512) -> Classification:
    """Judge real pictures in placements and colours that training did not draw: the best that a model could reach."""
    drawn, pictures = draw_batch(composer, count, (2**31, 0), machine)
    return judge(model, pictures, torch.from_numpy(drawn.first), torch.from_numpy(drawn.style))
