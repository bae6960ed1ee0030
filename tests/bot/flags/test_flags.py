import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands.flagged import expanded
from bot.commands.form import asked_for
from bot.commands.resolve import resolve, shows
from bot.flags.read import BadFlag, Trouble, read, read_line
from bot.flags.table import FLAGS
from bot.flags.write import escaped, line, number, options_of, spelled
from bot.policy.limits import Policy
from bot.texts.flags import bad_flags
from worker.contract.message.languages import ENGLISH
from worker.contract.message.ratio import RATIOS, ratio
from worker.contract.types import recipe
from worker.contract.types.lora_info import LoraInfo
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.request import GUIDANCE_MAX, SEED_MAX, STEPS_MAX, Scheduler
from worker.contract.types.server_settings import Usual

LORAS = tuple(LoraInfo(id=f"l{index}", title=f"L{index}") for index in range(3))
MODEL = ModelInfo(
    id="sdxl", loras=LORAS, title="SDXL", steps=30, guidance_scale=7.0, native_pixels=1024 * 1024, side_max=2048
)

ALL_OF_THEM = "--ar 3:2 --no text, people --seed 7 --steps 30 --cfg 7 --count 2 --model sdxl --sampler euler --repeat 3"
MEANT = {
    "aspect_ratio": "3:2", "negative_prompt": "text, people", "seed": "7", "steps": "30", "guidance": "7",
    "count": "2", "model": "sdxl", "scheduler": "euler", "repeat": "3",
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "words", "options"),
    [
        (f"a cat {ALL_OF_THEM} --draft", "a cat", MEANT | {"draft": "yes"}),
        (f"{ALL_OF_THEM} --draft a cat", "a cat", MEANT | {"draft": "yes"}),
        (
            "a cat —ar 3:2 –no text ––seed 7 —draft", "a cat",
            {"aspect_ratio": "3:2", "negative_prompt": "text", "seed": "7", "draft": "yes"},
        ),
        (
            "a cat -–ar 3:2 –-no text --—seed 7 ‐—draft", "a cat",
            {"aspect_ratio": "3:2", "negative_prompt": "text", "seed": "7", "draft": "yes"},
        ),
        ("a --AR 3:2 cat --Seed 7", "a cat", {"aspect_ratio": "3:2", "seed": "7"}),
        ("a cat --ar=16:9 --seed7 --ar:4:3", "a cat", {"aspect_ratio": "16:9", "seed": "7"}),
        ("a cat --aspect 16x9", "a cat", {"aspect_ratio": "16:9"}),
        ("a cat --ar 16 : 9, --n 2", "a cat", {"aspect_ratio": "16:9", "count": "2"}),
        ("a cat --no text --no people", "a cat", {"negative_prompt": "text, people"}),
        (
            'a cat --no "two words" --m “SDXL Turbo” on a mat', "a cat on a mat",
            {"negative_prompt": "two words", "model": "SDXL Turbo"},
        ),
        ('a cat --no "a", "b"', "a cat", {"negative_prompt": '"a", "b"'}),
        ("a cat --sampler DPM++ 2M Karras on a mat", "a cat on a mat", {"scheduler": "dpmpp_2m_karras"}),
        ("a cat --sampler Euler ancestral --seed 1", "a cat", {"scheduler": "euler_a", "seed": "1"}),
        ("a cat --sampler odd on a mat", "a cat on a mat", {"scheduler": "odd"}),
        ("a cat --guidance_scale 2.5\n--negative_prompt fog", "a cat", {"guidance": "2.5", "negative_prompt": "fog"}),
        ("a cat—ar 3:2, well-known -- and a —sleepy one --> here ---", None, {}),
        ("a cat -—sleepy –-as ever", None, {}),
        ("a t-shirt -style --5 x--no", None, {}),
        ("a cat --strength 0.3", "a cat", {"strength": "0.3"}),
        ("a cat --iw 0.6 on a mat", "a cat on a mat", {"strength": "0.4"}),  # what is kept, and what is drawn anew
        ("a cat --iw 2", "a cat", {"strength": "--iw 2"}),
        ("a cat --lora pixel:0.8, ink on a mat --lora x", "a cat on a mat", {"lora": "pixel:0.8, ink, x"}),
        (r"draw \--no and \—ar on a sign", "draw --no and —ar on a sign", {}),
        (r"draw \\--no", r"draw \--no", {}),
    ],
)  # fmt: skip
def test_flags_are_read_as_people_write_them(typed, words, options):
    found = read(typed)
    twice = "--ar=" in typed
    assert found.bad == ((BadFlag(Trouble.TWICE, "--ar 4:3", "ar", before="--ar 16:9"),) if twice else ())
    assert (found.words, found.options) == (typed if words is None else words, options)


@pytest.mark.parametrize(
    ("typed", "bad"),
    [
        ("a cat --stepz 30", BadFlag(Trouble.UNKNOWN, "--stepz", "steps")),
        ("a cat —aspekt 3:2", BadFlag(Trouble.UNKNOWN, "--aspekt", "ar")),
        ("a cat --xyzzy", BadFlag(Trouble.UNKNOWN, "--xyzzy")),
        ("a cat --größe 3", BadFlag(Trouble.UNKNOWN, "--größe")),
        ("a cat --v 6.1", BadFlag(Trouble.MIDJOURNEYS, "--v")),
        ("a cat —stylize 100", BadFlag(Trouble.MIDJOURNEYS, "--stylize")),
        ("a cat --seed --ar 3:2", BadFlag(Trouble.NO_VALUE, "--seed", "seed")),
        ("a cat --no", BadFlag(Trouble.NO_VALUE, "--no", "no")),
        ("a cat --seed 1 --seed 2", BadFlag(Trouble.TWICE, "--seed 2", "seed", before="--seed 1")),
        ("a cat --ar 3:2 —aspect 2:3", BadFlag(Trouble.TWICE, "--aspect 2:3", "aspect", before="--ar 3:2")),
        ("a cat --iw 0.6 --strength 1", BadFlag(Trouble.TWICE, "--strength 1", "strength", before="--iw 0.6")),
        ("a cat --draft on a mat --draft", BadFlag(Trouble.TWICE, "--draft", "draft", before="--draft")),
    ],
)
def test_what_is_no_flag_is_named_and_never_a_word(typed, bad):
    found = read(typed)
    assert found.bad == (bad,)
    assert "--" not in found.words
    assert "—" not in found.words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("prompt: a cat", "a cat"),
        ("Prompt:a cat", "a cat"),
        ("/imagine prompt:a cat", "a cat"),
        (" /imagine a cat", "a cat"),
        ("prompt:", ""),
        ("a prompt: a cat", "a prompt: a cat"),
        ("prompts: a cat", "prompts: a cat"),
        ("/imagined cat", "/imagined cat"),
    ],
)
@pytest.mark.parametrize("form", [False, True])
def test_the_name_of_the_option_is_no_word_of_the_prompt(typed: str, words: str, form: bool):
    found = expanded({"prompt": f"{typed} --seed 7"}, form=form)
    assert (found.options["prompt"], found.options["seed"]) == (words, "7")


def test_a_line_of_flags_holds_nothing_else():
    assert read_line("--seed 7").bad == ()
    assert read_line("steps 30 --seed 7").bad == (BadFlag(Trouble.STRAY, "steps 30", in_line=True),)
    unknown = BadFlag(Trouble.UNKNOWN, "--xyz", in_line=True)
    assert read_line("--xyz 3").bad == (unknown,)  # its value is no trouble of its own
    assert read_line("--v 6 --seed 7").bad == (BadFlag(Trouble.MIDJOURNEYS, "--v", in_line=True),)


def test_words_are_not_to_be_escaped_where_only_flags_belong():
    for found, advice in ((read("--wat"), "write `\\--wat`."), (read_line("--wat"), "write them into the prompt.")):
        assert bad_flags(found.bad, ENGLISH).endswith(advice)


def test_each_flag_has_names_of_its_own():
    names = [name for flag in FLAGS for name in flag.names]
    assert len(names) == len(set(names))
    assert all(read(f"x --{name} 1").options for name in names)


_PIECES = st.sampled_from([
    "--ar", "—no", "--seed", "--", "—", "–", "\\", '"', "“", "”", "'", " ", "\n", "3:2", "7", "a cat", "--n",
    "=", ":", ",", "--sampler", "dpm++", "2m", "--draft", "--stlye", "--m",
])  # fmt: skip
_TEXTS = st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=16).map("".join))


@settings(max_examples=60)
@given(_TEXTS)
def test_no_text_is_an_exception_and_no_word_is_lost(text):
    found = read(text)
    names = [name for flag in FLAGS for name in flag.names]
    said = " ".join([found.words, *found.options.values(), *(each.typed for each in found.bad), *names]).casefold()
    assert [each for each in _pieces(text) if each not in said] == []
    assert read_line(text).options == found.options


def _pieces(text: str) -> list[str]:
    """Letters and numbers apart, for a name and its value may be written as one; 03:2 is 3:2."""
    return [each.lstrip("0") for each in re.findall(r"[^\W\d_]+|\d+", text.casefold())]


# Words as a request has them: something to see in them, and no control characters around them.
_WORDS = _TEXTS.map(lambda text: re.sub(r"[\x00-\x1f\x7f-\x9f]", "", text).strip()).filter(shows)


@settings(max_examples=60)
@given(_WORDS, st.one_of(st.just(""), _WORDS))
def test_words_that_look_like_flags_come_back_as_words(words, negative):
    found = read(spelled(words, {"negative_prompt": negative, "seed": "7"}))
    assert (found.words, found.options.get("negative_prompt", ""), found.bad) == (words, negative, ())
    assert read(escaped(words)).words == words


_OPTIONS = st.fixed_dictionaries({
    "aspect_ratio": st.sampled_from(RATIOS), "steps": st.integers(1, STEPS_MAX).map(str),
    "guidance": st.floats(0, GUIDANCE_MAX).map(number), "seed": st.integers(0, SEED_MAX).map(str),
    "count": st.integers(1, 4).map(str), "model": st.just("sdxl"),
    "negative_prompt": st.one_of(st.just(""), _WORDS), "scheduler": st.sampled_from(["", *map(str, Scheduler)]),
    "lora": st.lists(st.floats(-2, 2).map(number), max_size=3).map(
        lambda weights: ", ".join(f"l{index}:{weight}" for index, weight in enumerate(weights))
    ),
})  # fmt: skip


# Dashes alone are taken for flags without a name: nothing to draw.
_PROMPTS = _WORDS.filter(lambda text: shows(re.sub("[-\u2010-\u2015\u2212]", "", text)))


@settings(max_examples=60)
@given(words=_PROMPTS, options=_OPTIONS)
def test_flags_request_recipe_flags(words, options):
    typed = spelled(words, options)
    found = read(typed)
    asked = asked_for({"prompt": escaped(found.words), **found.options})
    request = resolve(asked, MODEL, Policy())
    kept = recipe.Recipe.model_validate_json(recipe.Recipe(request=request).model_dump_json()).request
    assert kept == request
    assert spelled(kept.prompt, options_of(kept)) == typed


def test_a_request_of_any_shape_has_a_ratio():
    assert (ratio(1344, 768), ratio(1216, 832), ratio(640, 128)) == ("16:9", "3:2", "5:1")
    assert (number(2.0), number(2.5), number(7.123456789)) == ("2", "2.5", "7.123456789")
    assert line({"draft": "yes", "model": "two words"}) == '--model "two words" --draft'
    assert resolve(asked_for({"prompt": "x"}), MODEL, Policy(usual=Usual())).steps == 30
