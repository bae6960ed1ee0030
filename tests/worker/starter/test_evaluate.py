"""The measuring itself, on drawings that are known to be right or wrong."""

import numpy as np
import pytest
import torch
from PIL import Image

from worker.starter import evaluate
from worker.starter.classifier import Classifier, judge
from worker.starter.data.packages import DataError
from worker.starter.data.scenes import held_out
from worker.starter.draw import plot
from worker.starter.evaluate import EvaluationPrompt, Judge
from worker.starter.vocabulary import COLOURS, Subject, Vocabulary

KNOWN = Vocabulary(tuple(Subject(f"thing-{number}", (f"thing {number}",)) for number in range(40)))


class Knows(Classifier):
    """Says what the picture's first pixel says: red is the subject, green the style."""

    def forward(self, pictures):
        shown = ((pictures[:, :2, 0, 0] + 1) * 127.5).round().long()
        return torch.eye(40)[shown[:, 0]], torch.eye(4)[shown[:, 1]]


class Copies:
    """A pipeline that draws exactly what it is told, or one subject further."""

    device = torch.device("cpu")

    def __init__(self, asked, off=0):
        self._asked, self._off = {prompt.text: prompt for prompt in asked}, off

    def __call__(self, texts, generator, guidance_scale, num_inference_steps):
        self.images = []
        for text, one in zip(texts, generator, strict=True):
            prompt = self._asked[text]
            pixels = np.zeros((32, 32, 3), np.uint8)
            pixels[:] = KNOWN.colours[prompt.colour].rgb
            pixels[16, 16] = one.initial_seed() % 241
            pixels[0, 0] = ((prompt.subject + self._off) % 40, prompt.style, 0)
            self.images.append(Image.fromarray(pixels))
        return self


def test_prompts_are_seeded_and_were_never_shown():
    asked, again = (evaluate.prompts(KNOWN, held_out(KNOWN), 30) for _ in range(2))
    assert asked == again
    assert len({prompt.text for prompt in asked}) == 30
    assert all(held_out(KNOWN)[prompt.style, prompt.subject, prompt.colour] for prompt in asked)
    first = asked[0]
    assert f"thing {first.subject}" in first.text
    assert KNOWN.colours[first.colour].names[0] in first.text


@pytest.mark.parametrize(("off", "share"), [(0, 1.0), (1, 0.0)])
def test_right_pictures_score_one_and_wrong_subjects_none(off, share):
    asked = evaluate.prompts(KNOWN, held_out(KNOWN), 12)
    scores = evaluate.score(Copies(asked, off), KNOWN, asked, Judge(Knows(40, 4), KNOWN), guidance=2.0, steps=5)
    assert (scores.pictures, scores.guidance, scores.steps) == (24, 2.0, 5)
    assert scores.colour == scores.style == 1
    assert scores.subject_top1 == share
    assert 0 < scores.diversity < 0.2


def test_without_a_judge_only_colours_and_diversity_are_measured():
    asked = evaluate.prompts(KNOWN, held_out(KNOWN), 4)
    assert set(evaluate.score(Copies(asked), KNOWN, asked).to_json()) == {
        "guidance", "steps", "pictures", "colour", "diversity"
    }  # fmt: skip


def test_a_judge_may_know_more_than_the_model_but_not_less():
    more = Vocabulary((Subject("other", ("other",)), *KNOWN.subjects))
    asked = [EvaluationPrompt("", 3, 0, 0)]
    assert Judge(Knows(41, 4), more).subjects(KNOWN, asked).tolist() == [4]
    with pytest.raises(DataError, match="does not know the subject 'thing-3'"):
        Judge(Knows(3, 4), Vocabulary(KNOWN.subjects[:3])).subjects(KNOWN, asked)


def test_a_verdict_counts_shares():
    pictures = torch.zeros(4, 3, 8, 8)
    pictures[:, :2] = torch.tensor([[3, 0], [3, 1], [4, 0], [3, 0]])[:, :, None, None] / 127.5 - 1
    verdict = judge(Knows(40, 4), pictures, torch.tensor([3, 3, 3, 3]), torch.tensor([0, 0, 0, 1]))
    assert (verdict.subject_top1, verdict.style, verdict.pictures) == (0.75, 0.5, 4)


@pytest.mark.parametrize("colour", COLOURS, ids=lambda colour: colour.names[0])
def test_every_background_is_told_from_the_others(colour):
    picture = Image.new("RGB", (64, 64), tuple(min(255, channel + 6) for channel in colour.rgb))
    picture.paste((9, 200, 9), (10, 10, 54, 54))
    assert evaluate.background_of(picture, COLOURS) == colour


def test_a_plot_rises_where_its_curve_does():
    page = plot("by guidance", {"colour": [(1, 0.2), (3, 0.9), (12, 0.5)], "style": [(1, 0.1), (3, 0.1), (12, 0.1)]})
    red = [(x, y) for x in range(page.width - 150) for y in range(20, page.height) if page.getpixel((x, y))[0] == 214]  # type: ignore[index]
    heights = dict(sorted(red))
    middle = sorted(heights)[len(heights) // 2]
    assert heights[middle] < heights[min(heights)]
    assert heights[middle] < heights[max(heights)]
