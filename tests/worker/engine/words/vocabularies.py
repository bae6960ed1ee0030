"""Two models' words: the starter's as it ships, and a handful with tags and cues that also knows captions of pairs."""

import json

from worker.contract.models import ModelInfo
from worker.contract.request import Request
from worker.engine.words import Reader, Vocabulary
from worker.starter import WEIGHTS

STARTER = ModelInfo(id="starter", title="Starter", draws="emoji-like")
SHIPPED = Vocabulary.model_validate_json((WEIGHTS / "vocabulary.json").read_bytes())

_SUBJECTS = [
    {"icon": "cat-face", "names": ["cat face", "kitten"], "tags": ["meow"], "cues": ["pet"]},
    {"icon": "dog-face", "names": ["dog face", "dog", "puppy"], "cues": ["pet"]},
    {"icon": "saxophone", "names": ["saxophone"], "tags": ["sax"], "cues": ["music"]},
    {"icon": "elephant", "names": ["elephant"]},
    {"icon": "ice-cream", "names": ["ice cream"], "tags": ["sundae"]},
    {"icon": "fire-engine", "names": ["fire engine"], "tags": ["fire truck"]},
    {"icon": "house", "names": ["house"]},
    {"icon": "jack-o-lantern", "names": ["jack-o-lantern", "pumpkin"]},
    {"icon": "womans-hat", "names": ["woman's hat"]},
    {"icon": "cherries", "names": ["cherries"]},
]
LARGER = Vocabulary.model_validate(
    {"subjects": _SUBJECTS, "styles": SHIPPED.model_dump()["styles"], "colours": SHIPPED.model_dump()["colours"]}
)
# What its captions say beside names, styles and colours.
_SAID = (
    "small little large big huge tiny very top bottom left right corner tilted to the leaning upside down mirrored "
    "flipped facing other way and gradient"
)


def shipped() -> Reader:
    tokens = json.loads((WEIGHTS / "tokenizer" / "vocab.json").read_bytes())
    return Reader(STARTER, SHIPPED, tokens)


def larger() -> Reader:
    return Reader(STARTER, LARGER, [f"{word}</w>" for word in _SAID.split()])


def asked(prompt: str, without: str = "") -> Request:
    return Request(
        prompt=prompt,
        negative_prompt=without,
        model="starter",
        width=128,
        height=128,
        steps=4,
        guidance_scale=3,
        seed=1,
    )
