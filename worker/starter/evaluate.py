"""Look at a weights folder with plain diffusers: draw prompts, and measure whether that is what was asked for."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from diffusers import StableDiffusionPipeline
from PIL import Image

from worker.starter import classifier, vocabulary
from worker.starter.captions import canonical
from worker.starter.classifier import Classifier
from worker.starter.data.packages import DataError
from worker.starter.data.scenes import Bools
from worker.starter.entry import entry
from worker.starter.vocabulary import Colour, Vocabulary

_WITH = entry().info  # what people draw with who say nothing else
GUIDANCE, STEPS = _WITH.guidance_scale, _WITH.steps


def load(folder: Path, device: torch.device | str = "cpu") -> StableDiffusionPipeline:
    """Open a weights folder as anybody would, in single precision."""
    if not (folder / "model_index.json").is_file():
        raise DataError(f"{folder} is no weights folder: it has no model_index.json")
    pipe = StableDiffusionPipeline.from_pretrained(folder, dtype=torch.float32)
    pipe.set_progress_bar_config(disable=True)
    return pipe.to(device)


def vocabulary_of(folder: Path) -> Vocabulary:
    """Return what the weights in `folder` know."""
    return Vocabulary.read(folder / vocabulary.FILE)


def draw(
    pipe: StableDiffusionPipeline,
    prompts: Sequence[str],
    seed: int = 0,
    guidance: float = GUIDANCE,
    steps: int = STEPS,
    batch: int | None = None,
) -> list[Image.Image]:
    """Draw one picture per prompt; picture i uses seed + i. `batch`: how many at once (more on a GPU)."""
    batch = batch or (16 if pipe.device.type == "cpu" else 96)
    drawn: list[Image.Image] = []
    for start in range(0, len(prompts), batch):
        few = list(prompts[start : start + batch])
        generators = [torch.Generator().manual_seed(seed + start + index) for index in range(len(few))]
        made = pipe(few, generator=generators, guidance_scale=guidance, num_inference_steps=steps)
        drawn += made.images
    return drawn


def background_of(picture: Image.Image, colours: Sequence[Colour]) -> Colour:
    """Return the background colour nearest to the median of the picture's four corners."""
    pixels = np.asarray(picture.convert("RGB"), dtype=np.float64)
    edge = max(2, len(pixels) // 16)
    corners = [pixels[rows, columns] for rows in _ends(edge) for columns in _ends(edge)]
    seen = np.median(np.concatenate([corner.reshape(-1, 3) for corner in corners]), axis=0)
    return min(colours, key=lambda colour: float(np.square(seen - np.array(colour.rgb)).sum()))


def _ends(size: int) -> tuple[slice, slice]:
    return slice(0, size), slice(-size, None)


@dataclass(frozen=True)
class EvaluationPrompt:
    """A prompt and what the picture should show, as numbers in the model's vocabulary."""

    text: str
    subject: int
    style: int
    colour: int


def prompts(known: Vocabulary, held: Bools, count: int, seed: int = 30) -> list[EvaluationPrompt]:
    """Draw usual captions of held-out combinations of subject, style and background (see `held`)."""
    combinations = np.argwhere(held)
    rows = np.random.default_rng(seed).permutation(len(combinations))[:count]
    return [
        EvaluationPrompt(
            canonical(known.styles[style], known.subjects[subject], known.colours[colour]),
            int(subject),
            int(style),
            int(colour),
        )
        for style, subject, colour in combinations[rows]
    ]


@dataclass(frozen=True)
class Judge:
    """A classifier and the vocabulary that its classes stand for, which may be larger than a model's."""

    model: Classifier
    vocabulary: Vocabulary

    def subjects(self, known: Vocabulary, asked: Sequence[EvaluationPrompt]) -> torch.Tensor:
        """Classes (n,) of the prompts' subjects.

        Raises:
            DataError: when the model knows a subject that the judge does not.
        """
        icons = [subject.icon for subject in self.vocabulary.subjects]
        return _classes("subject", icons, [known.subjects[prompt.subject].icon for prompt in asked])

    def styles(self, known: Vocabulary, asked: Sequence[EvaluationPrompt]) -> torch.Tensor:
        """Classes (n,) of the prompts' styles. Raises DataError likewise."""
        packages = [style.package for style in self.vocabulary.styles]
        return _classes("style", packages, [known.styles[prompt.style].package for prompt in asked])


def _classes(kind: str, learnt: Sequence[str], asked: Sequence[str]) -> torch.Tensor:
    try:
        return torch.tensor([learnt.index(each) for each in asked])
    except ValueError as error:
        strange = next(each for each in asked if each not in learnt)
        raise DataError(f"the classifier does not know the {kind} '{strange}': train it on the same data") from error


@dataclass(frozen=True)
class Scores:
    """Shares of pictures that show what was asked for; `diversity` is the mean RGB distance between two seeds, 0..1."""

    guidance: float
    steps: int
    pictures: int
    colour: float
    diversity: float
    style: float | None = None
    subject_top1: float | None = None
    subject_top5: float | None = None

    def to_json(self) -> dict[str, float]:
        """As numbers by name, rounded, without what was not measured."""
        return {name: round(value, 4) for name, value in asdict(self).items() if value is not None}


def score(
    pipe: StableDiffusionPipeline,
    known: Vocabulary,
    asked: Sequence[EvaluationPrompt],
    judge: Judge | None = None,
    guidance: float = GUIDANCE,
    steps: int = STEPS,
) -> Scores:
    """Draw every prompt twice and measure; without a judge, only colours and diversity."""
    texts = [prompt.text for prompt in asked]
    first, second = (draw(pipe, texts, seed, guidance, steps) for seed in (1000, 900_000))
    right = sum(
        background_of(picture, known.colours) == known.colours[prompt.colour]
        for picture, prompt in zip([*first, *second], [*asked, *asked], strict=True)
    )
    tensors = [_tensor(pictures) for pictures in (first, second)]
    apart = (tensors[0] - tensors[1]).square().mean(dim=(1, 2, 3)).sqrt().mean().item() / 2
    scores = Scores(guidance, steps, 2 * len(asked), right / (2 * len(asked)), apart)
    if judge is None:
        return scores
    styles = judge.styles(known, asked).repeat(2)
    subjects = judge.subjects(known, asked).repeat(2)
    verdict = classifier.judge(judge.model, torch.cat(tensors), subjects, styles)
    return replace(scores, style=verdict.style, subject_top1=verdict.subject_top1, subject_top5=verdict.subject_top5)


def _tensor(pictures: Sequence[Image.Image]) -> torch.Tensor:
    """Pictures of one size → float32 (n, 3, h, w) in -1..1."""
    stacked = np.stack([np.asarray(picture.convert("RGB")) for picture in pictures])
    return torch.from_numpy(stacked).movedim(-1, 1).float() / 127.5 - 1.0
