"""Prompts that are longer than an encoder of CLIP reads at once, and weights, for SD and SDXL as tiny random models."""

import warnings
from typing import Any

import pytest

torch = pytest.importorskip("torch")

import diffusers  # noqa: E402

from tests.worker.engine import tiny  # noqa: E402
from tests.worker.engine.engines import asked  # noqa: E402
from worker.engine.pipeline.preview import clean  # noqa: E402
from worker.engine.step.families.base import Family  # noqa: E402
from worker.engine.step.families.clip_text import CHUNKS_MAX  # noqa: E402
from worker.engine.step.stepper import Stepper  # noqa: E402
from worker.engine.step.words import parse  # noqa: E402

pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore:::diffusers")]

MODELS = {"sd": tiny.build, "xl": tiny.build_xl}
LETTERS = 75  # of a chunk: the tiny tokenizer makes a token of each


@pytest.fixture(scope="module", params=sorted(MODELS))
def family(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Family:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what diffusers deprecates is not ours to mend
        without = {"safety_checker": None, "requires_safety_checker": False} if request.param == "sd" else {}
        folder = MODELS[request.param](tmp_path_factory.mktemp(request.param))
        stepper = Stepper.of(diffusers.AutoPipelineForText2Image.from_pretrained(folder, **without), clean)
    assert stepper is not None
    return stepper.family


def meaning(family: Family, text: str) -> Any:
    return family._texts.of(text)["text"]


def same(one: Any, other: Any) -> bool:
    return one.shape == other.shape and bool(torch.allclose(one, other, atol=1e-6))


def test_one_chunk_means_what_the_stock_pipeline_makes_of_it(family: Any) -> None:
    with torch.no_grad():
        for text in ("a red apple", "", "b" * LETTERS):
            by_chunks, at_once = family._in_chunks(parse(text)), family._at_once(text)
            assert by_chunks.keys() == at_once.keys()
            assert all(same(by_chunks[name], at_once[name]) for name in at_once)


@pytest.mark.parametrize("prompt", ["a red apple", r"a \(red\) apple", "(a red apple:1.0)", "a [red|green] apple"])
def test_without_weights_a_prompt_is_what_it_always_was(family: Any, prompt: str) -> None:
    plain = parse(prompt).plain
    assert plain is not None
    assert torch.equal(meaning(family, prompt), family._at_once(plain)["text"])


def test_what_is_too_long_for_one_chunk_goes_on_in_the_next(family: Any) -> None:
    first, second = "a" * LETTERS, "b" * 20
    whole = meaning(family, f"{first} {second}")
    assert same(whole, torch.cat([meaning(family, first), meaning(family, second)]))
    assert same(meaning(family, "red BREAK apple"), torch.cat([meaning(family, "red"), meaning(family, "apple")]))
    assert family.chunks(asked(f"{first} {second}")) == 2


def test_a_weight_counts_for_its_words_and_the_whole_keeps_its_size(family: Any) -> None:
    plain, heavy = meaning(family, "a red apple"), meaning(family, "a (red:1.5) apple")
    ratio = (heavy / plain).median(dim=1).values
    red = [position for position in range(77) if ratio[position] > 1.1 * ratio[0]]
    assert red == [2, 3, 4]  # behind the token of the beginning and "a"
    assert float(ratio[2] / ratio[0]) == pytest.approx(1.5, rel=1e-4)
    assert float(heavy.norm()) == pytest.approx(float(plain.norm()), rel=1e-4)
    assert not same(meaning(family, "a [red] apple"), plain)


def test_the_shorter_of_both_texts_is_filled_with_nothing(family: Any) -> None:
    prompt, without = family.conditions(asked("a" * 200, negative_prompt="blue"))
    assert prompt["text"].shape == without["text"].shape
    assert same(without["text"], torch.cat([meaning(family, each) for each in ("blue", "", "")]))
    prompt, without = family.conditions(asked("red", negative_prompt="b" * 100))
    assert same(prompt["text"], torch.cat([meaning(family, each) for each in ("red", "")]))
    assert len(family.conditions(asked("a" * 100))[1]["text"]) == 2 * 77
    assert family.conditions(asked("a" * 100, guidance_scale=1.0))[1] is None


def test_what_is_longer_than_all_chunks_is_told(family: Any) -> None:
    longest = "x" * (LETTERS * CHUNKS_MAX - 3) + "end"
    heard = family.heard(longest)
    assert (heard.read_to, heard.tokens) == ("", LETTERS * CHUNKS_MAX)
    more = family.heard(f"{longest} (and more:1.2)")
    assert more.read_to.endswith("xend")
    assert meaning(family, f"{longest} (and more:1.2)").shape[0] == 77 * CHUNKS_MAX
    assert not heard.odd
    assert family.heard("a [cat|dog]").odd
