"""Prompts longer than an encoder of CLIP reads at once, and weights, for SD, SDXL and SD3 as tiny random models."""

import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

import diffusers  # noqa: E402

from tests.worker.engine import tiny  # noqa: E402
from tests.worker.engine.engines import asked  # noqa: E402
from tests.worker.engine.families import text  # noqa: E402
from worker.engine.pipeline.preview import clean  # noqa: E402
from worker.engine.step.families.base import Family  # noqa: E402
from worker.engine.step.families.clip_text import CHUNKS_MAX  # noqa: E402
from worker.engine.step.stepper import Stepper  # noqa: E402
from worker.engine.step.words import parse  # noqa: E402

pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore:::diffusers")]

MODELS: dict[str, Callable[[Path], Path]] = {
    "sd": tiny.build,
    "xl": tiny.build_xl,
    "sd3": partial(tiny.build_sd3, patch_size=2, levels=4),
}
WITHOUT = {"sd": ("safety_checker",), "xl": (), "sd3": ("text_encoder_3", "tokenizer_3")}
LETTERS = 75  # of a chunk: the tiny tokenizer makes a token of each


@pytest.fixture(scope="module", params=sorted(MODELS))
def family(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Family:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what diffusers deprecates is not ours to mend
        without = dict.fromkeys(WITHOUT[request.param])
        folder = MODELS[request.param](tmp_path_factory.mktemp(request.param))
        stepper = Stepper.of(diffusers.AutoPipelineForText2Image.from_pretrained(folder, **without), clean)
    assert stepper is not None
    return stepper.family


def meaning(family: Family, text: str) -> Any:
    return family._texts.of(text)["text"]


def in_chunks(family: Family, given: Any) -> Any:
    """Without the zeros in place of T5, which SD3 has behind its chunks."""
    zeros = 256 if type(family).__name__ == "StableDiffusion3" else 0
    assert not given["text"][len(given["text"]) - zeros :].any()
    return given["text"][: len(given["text"]) - zeros]


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


def test_what_a_picture_is_as_a_whole_is_told_by_the_first_chunk(family: Any) -> None:
    told = [family._texts.of(prompt).get("pooled") for prompt in ("red BREAK apple", "red", "apple")]
    if type(family).__name__ == "StableDiffusion":
        assert told == [None] * 3
        return
    assert same(told[0], told[1])
    assert not same(told[1], told[2])


def test_a_weight_counts_for_its_words_and_the_whole_keeps_its_size(family: Any) -> None:
    plain, heavy = meaning(family, "a red apple"), meaning(family, "a (red:1.5) apple")
    ratio = (heavy / plain).median(dim=1).values
    red = [position for position in range(77) if ratio[position] > 1.1 * ratio[0]]
    assert red == [2, 3, 4]  # behind the token of the beginning and "a"
    assert float(ratio[2] / ratio[0]) == pytest.approx(1.5, rel=1e-4)
    assert float(heavy.norm()) == pytest.approx(float(plain.norm()), rel=1e-4)
    assert not same(meaning(family, "a [red] apple"), plain)


def test_the_shorter_of_both_texts_is_filled_with_nothing(family: Any) -> None:
    prompt, without = (in_chunks(family, each) for each in family.conditions(asked("a" * 200, negative_prompt="blue")))
    assert prompt.shape == without.shape
    assert same(without, torch.cat([meaning(family, each) for each in ("blue", "", "")]))
    prompt, _ = family.conditions(asked("red", negative_prompt="b" * 100))
    assert same(in_chunks(family, prompt), torch.cat([meaning(family, each) for each in ("red", "")]))
    assert len(in_chunks(family, family.conditions(asked("a" * 100))[1])) == 2 * 77
    assert family.conditions(asked("a" * 100, guidance_scale=1.0))[1] is None


@pytest.mark.parametrize("guidance", [1.0, 5.0])
def test_pictures_with_words_of_their_own_are_all_as_long_as_the_longest(family: Any, guidance: float) -> None:
    words = ("red", "a" * 100, "b" * 200)
    several = asked("red", guidance_scale=guidance).model_copy(update={"prompts": words, "count": 3})
    assert family.chunks(several) == 3
    for index, said in enumerate(words):
        prompt, without = family.conditions(several.worded(index))
        assert len(in_chunks(family, prompt)) == 3 * 77
        assert same(prompt["text"][: len(meaning(family, said))], meaning(family, said))
        assert (without is None) == (guidance <= 1)
        assert without is None or len(in_chunks(family, without)) == 3 * 77


def test_what_is_longer_than_all_chunks_is_told(family: Any) -> None:
    longest = "x" * (LETTERS * CHUNKS_MAX - 3) + "end"
    heard = family.heard(longest)
    assert (heard.read_to, heard.tokens) == ("", LETTERS * CHUNKS_MAX)
    more = family.heard(f"{longest} (and more:1.2)")
    assert more.read_to.endswith("xend")
    assert meaning(family, f"{longest} (and more:1.2)").shape[0] == 77 * CHUNKS_MAX
    assert not heard.odd
    assert family.heard("a [cat|dog]").odd


def test_beside_t5_clip_reads_what_the_stock_pipeline_has_it_read(tmp_path: Path) -> None:
    made: Any = tiny.stable_diffusion_3(tmp_path, patch_size=2, levels=4)
    made.register_modules(text_encoder_3=text.t5().eval(), tokenizer_3=text.t5_tokenizer())
    made.set_progress_bar_config(disable=True)
    stepper = Stepper.of(made, clean)
    assert stepper is not None
    assert stepper.family.heard("a" * 1000) is None
    request = asked("a" * 200, negative_prompt="blue", guidance_scale=5.0)
    assert stepper.family.chunks(request) == 1
    stock = made.encode_prompt(request.prompt, None, None, negative_prompt="blue")
    for given, expected in zip(stepper.family.conditions(request), (stock[0], stock[1]), strict=True):
        assert given is not None
        assert torch.allclose(given["text"], expected[0], atol=1e-4)
