"""Models' words: the shipped one's; those of one that knows 128 things and neither people nor feelings, which stay as
they are whatever ships; plain names only; and tags and cues with captions of pairs.
"""

import json
from pathlib import Path

from worker.contract.types.model_info import ModelInfo
from worker.contract.types.request import Request
from worker.engine.prompt_match import ModelVocabulary, PromptMatcher
from worker.starter import WEIGHTS

STARTER = ModelInfo(id="starter", title="Starter", draws="emoji-like")
_EVERYDAY = json.loads(Path(__file__).with_name("everyday.json").read_bytes())
EVERYDAY = ModelVocabulary.model_validate(_EVERYDAY["vocabulary"])
SHIPPED = ModelVocabulary.model_validate_json((WEIGHTS / "vocabulary.json").read_bytes())

_STYLES = [
    {"names": ["flat illustration", "flat design"]},
    {"names": ["glossy sticker", "shiny sticker"]},
    {"names": ["cartoon", "cartoon drawing"]},
    {"names": ["simple icon", "icon"]},
]
_COLOURS = [
    {"names": ["white"], "rgb": [255, 255, 255]},
    {"names": ["black"], "rgb": [22, 22, 26]},
    {"names": ["light blue", "sky blue"], "rgb": [170, 214, 245]},
    {"names": ["dark blue", "navy", "blue"], "rgb": [36, 62, 140]},
    {"names": ["orange"], "rgb": [255, 164, 76]},
    {"names": ["pink", "light pink"], "rgb": [255, 182, 206]},
]
_NAMES = """red apple/apple, cat/cat face/kitten, dog/dog face, panda, tiger, rabbit/bunny, unicorn, penguin, whale,
rocket, airplane, red car/car, sailboat/boat, house, castle, guitar, hamburger, sun, star, rainbow, robot,
red balloon/balloon, ice cream"""
PLAIN = ModelVocabulary.model_validate(
    {
        "subjects": [{"names": names.split("/")} for names in _NAMES.replace("\n", " ").split(", ")],
        "styles": _STYLES,
        "colours": _COLOURS,
    }
)
_THINGS = """house/home, skyscraper/office building, school, castle, chef/man cook, nurse/woman health worker,
police officer, builder/construction worker, man, woman, prince, princess, glasses, glass of milk, droplet,
wave/water wave, peach, red apple/apple, orange heart, red heart/heart, cloud, cloud with rain, snowflake,
light bulb, laptop, robot, globe, planet, sunrise, sun, truck/delivery truck, red car/car, pumpkin/jack-o-lantern,
skull, fireworks, maple leaf, money bag, gift, snowman, sunflower, bouquet, fire, fire engine, sad face, trophy"""
HOUSEHOLD = ModelVocabulary.model_validate(
    {
        "subjects": [{"names": names.split("/")} for names in _THINGS.replace("\n", " ").split(", ")],
        "styles": _STYLES,
        "colours": _COLOURS,
    }
)
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
    {"icon": "vertical-traffic-light", "names": ["vertical traffic light", "traffic light"]},
    {"icon": "person-beard", "names": ["person: beard"]},
]
LARGER = ModelVocabulary.model_validate(
    {
        "subjects": _SUBJECTS,
        "styles": _STYLES,
        "colours": _COLOURS,
        "sizes": ["small", "tiny", "large", "huge"],
    }
)
# What its captions say beside names, styles and colours.
_SAID = (
    "small little large big huge tiny very top bottom left right corner tilted to the leaning upside down mirrored "
    "flipped facing other way and gradient"
)


def shipped(**changed: object) -> PromptMatcher:
    tokens = json.loads((WEIGHTS / "tokenizer" / "vocab.json").read_bytes())
    return PromptMatcher(STARTER, SHIPPED.model_copy(update=changed), tokens)


def everyday(**changed: object) -> PromptMatcher:
    tokens = [f"{word}</w>" for word in _EVERYDAY["tokens"].split()]
    return PromptMatcher(STARTER, EVERYDAY.model_copy(update=changed), tokens)


def plain() -> PromptMatcher:
    return PromptMatcher(STARTER, PLAIN, ())


def household() -> PromptMatcher:
    return PromptMatcher(STARTER, HOUSEHOLD, ())


def larger() -> PromptMatcher:
    return PromptMatcher(STARTER, LARGER, [f"{word}</w>" for word in _SAID.split()])


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
