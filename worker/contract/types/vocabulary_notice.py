"""Models that know few words: which, and what became of a request that used others."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from .request import PROMPTS_SINCE
from .versioned import since


class Unseen(BaseModel):
    """Things, by all their names, that do not stand out before some backgrounds."""

    model_config = ConfigDict(frozen=True)

    things: tuple[str, ...]
    before: tuple[str, ...]


class Kinds(BaseModel):
    """What there is of a general word.

    Attributes:
        words: such words, as people say them.
        kinds: things, each of which satisfies whoever says no more than that, as they stand in a sentence.
    """

    model_config = ConfigDict(frozen=True)

    words: tuple[str, ...]
    kinds: tuple[str, ...]


class Known(BaseModel):
    """All that a model with a vocabulary of its own was taught to name, each by its usual name.

    Attributes:
        plain: those of its backgrounds on which most things show well.
        style_words: every word of whatever it calls its styles.
        unseen: what does not show on some of `plain`.
        any_colour: things that come in many colours, by all their names.
        paints: those of the colours that it gives to them which are pleasant.
        kinds: what it knows of general words.
    """

    model_config = ConfigDict(frozen=True)

    things: tuple[str, ...]
    styles: tuple[str, ...] = ()
    backgrounds: tuple[str, ...] = ()
    plain: tuple[str, ...] = since(PROMPTS_SINCE, ())
    style_words: tuple[str, ...] = since(PROMPTS_SINCE, ())
    unseen: tuple[Unseen, ...] = since(10, ())
    any_colour: tuple[str, ...] = since(10, ())
    paints: tuple[str, ...] = since(10, ())
    kinds: tuple[Kinds, ...] = since(10, ())


class Taken(BaseModel):
    """What was drawn for words that the model does not know; `asked` is "" where it knew none at all."""

    LONGEST: ClassVar = 28  # characters

    model_config = ConfigDict(frozen=True)

    asked: str = Field(max_length=LONGEST)
    took: str = Field(max_length=LONGEST)


class VocabularyNotice(BaseModel):
    """Why the pictures do not show all that the person asked for.

    Attributes:
        model: its title.
        known: how many things it knows.
        kind: what kind of things those are, such as "emoji-like"; "" for any.
        left: what was left out, as it was written; there was `more` of it.
        at_once: how many things it draws in one picture, where more were asked for; else 0.
    """

    model_config = ConfigDict(frozen=True)

    model: str
    known: int
    kind: str = ""
    taken: tuple[Taken, ...] = ()
    left: tuple[str, ...] = ()
    more: int = 0
    at_once: int = 0
