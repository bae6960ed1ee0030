"""Prompts for models that understand few words, such as the starter: parsed, and put into words that they know.

A model's folder may hold a `vocabulary.json`: the things, styles and background colours that its training named.
Everything else would only puzzle such a model. A prompt that it understands is left as it is; of any other the known
part is kept, for an unknown thing one of the same kind is taken, and what has none is declined. Models without such a
file never come here.

Where to look, from what is asked for down to what all stand on:
    matcher     scene → the prompt to draw, and the notice for the person
    parser      a prompt → its scene, by way of these rooms:
    placing/    how the things found stand in one picture, and what hangs on them
    finding/    which things are drawn, by which words
    reading/    what the words of a prompt mean to one model: names, colours, numbers, moods, places
    drawings/   tables of what drawings show, by emoji's names: where heads and hands are, what holds and wears
    words/      tables of words, and words as such; they know no model
    vocabulary  the file
    layout      how things stand in one picture that the engine puts together: what it is told
    grip        of it, how something is held;   opening     how somebody is in something
"""

from . import vocabulary
from .matcher import PromptMatcher
from .vocabulary import ModelVocabulary

__all__ = ["ModelVocabulary", "PromptMatcher", "vocabulary"]
