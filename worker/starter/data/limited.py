"""A smaller vocabulary of what is learnt: its subjects by the names that people say, its styles, and how often each."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from worker.starter.data import own_art
from worker.starter.data.choice import EVERYDAY, FAVOURITES, NEW
from worker.starter.data.said import SAID
from worker.starter.data.scenes import Ints
from worker.starter.vocabulary import Style, Subject, Vocabulary

# Whole animals whose faces may be known too. Four legs take a small model longer than two eyes, so the face keeps the
# animal's name, and the whole one goes by another.
_WHOLE = frozenset(("cat", "cow", "dog", "monkey", "mouse", "pig", "rabbit", "tiger"))
_AS_A_WHOLE = ("whole {}", "standing {}")

_LEARNT_LAST, _NEAR_TO_IT = "@iconify-json/noto", "@iconify-json/fluent-emoji-flat"


def limit(vocabulary: Vocabulary, icons: Collection[str] = EVERYDAY) -> tuple[Ints, Vocabulary]:
    """Keep the subjects in `icons`: their numbers in `vocabulary`, and a vocabulary of them alone.

    A training that needs such a choice is too short for two things in one picture, so the vocabulary says one at a
    time, and that the engine puts several together. An animal's face takes the animal's name: `rabbit face` is then
    also, and first, `rabbit`, and the whole one, if it is there, `whole rabbit`.
    """
    kept = [number for number, subject in enumerate(vocabulary.subjects) if subject.icon in icons]
    whole = {icon for icon in _WHOLE if {icon, f"{icon}-face"} <= set(icons)}
    subjects = [_whole(one) if one.icon in whole else one for one in (vocabulary.subjects[number] for number in kept)]
    taken = {name for subject in subjects for name in subject.names}
    left_out = {
        subject.names[0] for subject in vocabulary.subjects if subject.icon not in icons or subject.icon in whole
    }
    said = tuple(_as_said(subject, left_out, taken) for subject in subjects)
    return np.array(kept), replace(vocabulary, subjects=said, at_once=1, arranged=True)


def _whole(subject: Subject) -> Subject:
    """A whole animal by the names that its face leaves to it."""
    bare = subject.names[0]
    names = (*(name.format(bare) for name in _AS_A_WHOLE), *(name for name in subject.names[1:] if name != bare))
    return replace(subject, names=names, tags=tuple(tag for tag in subject.tags if tag != bare))


def _as_said(subject: Subject, left_out: Collection[str], taken: Collection[str]) -> Subject:
    bare = subject.names[0].removesuffix(" face")
    wanted = (*SAID.get(subject.icon, ()), *((bare,) if bare in left_out else ()))
    first = [name for name in wanted if name in subject.names or name not in taken]
    names = tuple(dict.fromkeys((*first, *subject.names)))
    return replace(subject, names=names, tags=tuple(tag for tag in subject.tags if tag not in names))


def styles_offered(vocabulary: Vocabulary) -> dict[int, Style]:
    """The styles that a small model goes on with at last, by number, with the words that then ask for each.

    One set is left out, whose drawings have the most gradients and folds and are learnt last; who asks for its style
    gets the one nearest to it.
    """
    gone = tuple(name for style in vocabulary.styles if style.package == _LEARNT_LAST for name in style.names)
    return {
        number: replace(style, names=style.names + gone) if style.package == _NEAR_TO_IT else style
        for number, style in enumerate(vocabulary.styles)
        if style.package != _LEARNT_LAST
    }


def pool(vocabulary: Vocabulary) -> Ints:
    """Return the numbers of the subjects as often as they are to be drawn.

    Twice are the favourites, and what a training that goes on has still to learn: new things, and new drawings.
    """
    twice = FAVOURITES | NEW | own_art.drawings().keys()
    often = [2 if subject.icon in twice else 1 for subject in vocabulary.subjects]
    return np.repeat(np.arange(len(often)), often)
