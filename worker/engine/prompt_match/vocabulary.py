"""The file `vocabulary.json` in a model's folder: all that the model was taught to name.

`worker.starter.vocabulary` writes that file and has classes of its own for it. They stay apart for a reason: a folder
may come from anybody, so these here bound and check every value, and ignore what they do not know; those
of the training are trusted, know where each drawing comes from, and are hashed and compared in its inner loops. A test
holds that both understand one file alike.
"""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from worker.contract.types.vocabulary_notice import Known, Unseen

from .words import any_colour
from .words.kinds import known_kinds

log = logging.getLogger(__name__)

FILE = "vocabulary.json"
FACE = " face"  # ends names of animals that are known by it
_BYTES_MAX = 8 * 1024 * 1024
_LUMA = (0.2126, 0.7152, 0.0722)  # how much of what eyes see as light each part of a colour gives (ITU-R BT.709)
_PLAIN = 170  # of 255: drawings are mostly darker than that, and so stand out

Phrase = Annotated[str, Field(min_length=1, max_length=80)]
Phrases = Annotated[tuple[Phrase, ...], Field(min_length=1)]
Part = Annotated[int, Field(ge=0, le=255)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True)


class KnownSubject(_Entry):
    """A thing to draw.

    Attributes:
        icon: what the Unicode consortium calls its emoji, in lower case with hyphens; "" where it has none.
        names: what people call it, the usual one first.
        tags: looser words that mean it alone.
        cues: words that a few others share, such as "pet".
        coloured: most of it has one hue, which can be moved to another.
        blends: the backgrounds, by their usual names, that it does not stand out from.
        lost: for each style those that take parts of it for their own, so that these are lost when it is cut out of
            them; nothing where that was not measured, and then `blends` tells it.
        either_way: it may be shown the other way round without anybody saying so: it bears no letters and the like.
    """

    icon: str = ""
    names: Phrases
    tags: tuple[Phrase, ...] = ()
    cues: tuple[Phrase, ...] = ()
    coloured: bool = False
    blends: tuple[Phrase, ...] = ()
    lost: tuple[tuple[Phrase, ...], ...] = ()
    either_way: bool = False


class KnownStyle(_Entry):
    """A kind of picture; the first name is the usual one."""

    names: Phrases


class KnownColour(_Entry):
    """A background. `rgb`: 0 to 255 each."""

    names: Phrases
    rgb: tuple[Part, Part, Part]

    @property
    def light(self) -> float:
        """How light it is, 0 to 255."""
        return sum(share * part for share, part in zip(_LUMA, self.rgb, strict=True))


class ModelVocabulary(_Entry):
    """All that one model knows.

    Attributes:
        at_once: how many things it can show in one picture.
        sizes: which words for sizes it draws well; captions may have held more.
        paints: which colours it gives to things that have another one by nature.
        usual_sentence: its captions mostly were one sentence, in first names: prompts are put into that.
        arranged: each thing was taught alone, large and upright, before a plain colour or a gradient, so the engine
            puts several, smaller and turned ones together.
    """

    at_once: Annotated[int, Field(ge=1, le=2)] = 2
    sizes: tuple[Phrase, ...] = ()
    paints: tuple[Phrase, ...] = ()
    usual_sentence: bool = False
    arranged: bool = False
    subjects: Annotated[tuple[KnownSubject, ...], Field(min_length=1, max_length=20_000)]
    styles: tuple[KnownStyle, ...] = ()
    colours: tuple[KnownColour, ...] = ()

    def known(self) -> Known:
        """The usual name of everything, for people."""
        things, styles, colours = (
            tuple(one.names[0] for one in kind) for kind in (self.subjects, self.styles, self.colours)
        )
        words = {word for style in self.styles for name in style.names for word in name.lower().split()}
        plain = tuple(one.names[0] for one in self.colours if one.light >= _PLAIN)
        return Known(
            things=things,
            styles=styles,
            backgrounds=colours,
            plain=plain,
            style_words=tuple(sorted(words)),
            unseen=self._unseen(plain),
            kinds=tuple(known_kinds(things)) if self.arranged else (),
            **self._free_to_paint(),
        )

    def _free_to_paint(self) -> dict[str, tuple[str, ...]]:
        """What comes in any colour, by all names, and the colours: where the engine paints, for it keeps shapes."""
        paints = tuple(each for each in any_colour.PAINTS if each in self.paints)
        if not (self.arranged and paints):
            return {}
        free = (each for each in self.subjects if each.coloured and any_colour.THINGS.intersection(each.names))
        names = (name for each in free for name in each.names)
        # Who says red car wants no other.
        return {"any_colour": tuple(each for each in names if not {*each.split()} & {*paints}), "paints": paints}

    def _unseen(self, plain: Sequence[str]) -> tuple[Unseen, ...]:
        """What does not stand out from some backgrounds, by all names; many animals are known by their faces only."""
        found: dict[tuple[str, ...], dict[str, None]] = {}
        for subject in self.subjects:
            names = [bare for name in subject.names for bare in (name, name.removesuffix(FACE))]
            if before := tuple(each for each in plain if each in subject.blends):
                found.setdefault(before, {}).update(dict.fromkeys(names))
        return tuple(Unseen(things=tuple(names), before=before) for before, names in found.items())


def find(model: str, folder: Path) -> ModelVocabulary | None:
    """The vocabulary in a model's folder; None where there is none, or none that can be read: it draws without."""
    path = folder / FILE
    try:
        if not path.is_file():
            return None
        if path.stat().st_size <= _BYTES_MAX:
            return ModelVocabulary.model_validate_json(path.read_bytes())
        why = "it is too long"
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        why = f"{'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg']}"
    except OSError as error:
        why = str(error.strerror)
    log.warning("model %s: %s is ignored (%s); prompts go to it as they are", model, path, why)
    return None
