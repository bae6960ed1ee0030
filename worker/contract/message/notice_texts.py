"""What a model did not make of a request: words that it does not know, and options that it does not hear of."""

from collections.abc import Iterator

from worker.contract.types.model_info import GUIDANCE, NEGATIVE_PROMPT, SIGNS, WEIGHTS
from worker.contract.types.result import CUT, FIRST_FRAME, READ_TO_MAX, Result
from worker.contract.types.vocabulary_notice import Taken, VocabularyNotice

from .languages import N_, NN_, Language
from .markdown import safe

_SEVERAL = 3  # or more: such numbers are written in digits
# What a model knows, by whether there is a word for the kind of things, and how many of them it draws in one picture.
_KNOWS = {
    # Translators: {model} is the name of a model, {kind} such as "emoji-like". Here and in the following, what it made
    # of a prompt comes after a colon.
    (True, 0): NN_(
        "{model} knows {known} {kind} thing",
        "{model} knows {known} {kind} things",
    ),
    (True, 1): NN_(
        "{model} knows {known} {kind} thing, one at a time",
        "{model} knows {known} {kind} things, one at a time",
    ),
    (True, 2): NN_(
        "{model} knows {known} {kind} thing, two at a time",
        "{model} knows {known} {kind} things, two at a time",
    ),
    (True, _SEVERAL): NN_(
        "{model} knows {known} {kind} thing, and draws up to {at_once} in one picture",
        "{model} knows {known} {kind} things, and draws up to {at_once} in one picture",
    ),
    (False, 0): NN_(
        "{model} knows {known} thing",
        "{model} knows {known} things",
    ),
    (False, 1): NN_(
        "{model} knows {known} thing, one at a time",
        "{model} knows {known} things, one at a time",
    ),
    (False, 2): NN_(
        "{model} knows {known} thing, two at a time",
        "{model} knows {known} things, two at a time",
    ),
    (False, _SEVERAL): NN_(
        "{model} knows {known} thing, and draws up to {at_once} in one picture",
        "{model} knows {known} things, and draws up to {at_once} in one picture",
    ),
}
_KNOWS_NOTHING = {
    # Translators: "these words" are those of the prompt; {drew} is what was drawn instead.
    True: NN_(
        "{model} knows {known} {kind} thing and none of these words, so it drew {drew}",
        "{model} knows {known} {kind} things and none of these words, so it drew {drew}",
    ),
    False: NN_(
        "{model} knows {known} thing and none of these words, so it drew {drew}",
        "{model} knows {known} things and none of these words, so it drew {drew}",
    ),
}


_LEFT_OUT = {
    NEGATIVE_PROMPT: N_("This model takes no negative prompt; it was left out."),
    # Translators: "guidance" is the name of an option and stays English.
    GUIDANCE: N_("This model is not guided by a scale; `guidance` was left out."),
    # Translators: what stands in backticks is how weights of words are written in a prompt; it stays as it is.
    WEIGHTS: N_(
        "This model knows no weights such as `(word:1.3)` or `[word]`, and no `BREAK`: it read the words without them. "
        r"For a bracket itself, write `\(`."
    ),
    # Translators: likewise.
    SIGNS: N_(
        "Some brackets of the prompt were read as they are: each needs its other half, and signs such as "
        "`[cat|dog]` or `<lora:…>` are not known here."
    ),
}


_ADAPTED = {
    # Translators: "it" is a picture that somebody sent in to be drawn from, here and in the following.
    FIRST_FRAME: N_("The picture to begin with moves; its first frame was taken."),
    CUT: N_("The picture to begin with has another shape; it was cut at its edges."),
}


def left_out(result: Result, language: Language) -> list[str]:
    """A sentence for all of which a model did not hear, or that was changed first; a newer engine's are passed over."""
    said = [language.gettext(_ADAPTED[how]) for how in result.adapted if how in _ADAPTED]
    said += [language.gettext(_LEFT_OUT[option]) for option in result.left_out if option in _LEFT_OUT]
    if result.read_to:
        # Translators: {words} are the last words of a prompt that a model read.
        words = language.gettext("“{words}”", words="…" + safe(result.read_to, READ_TO_MAX))
        said.append(_cut(result.tokens, words, language))
    return said


def _cut(tokens: int, words: str, language: Language) -> str:
    if not tokens:
        return language.gettext("The prompt is longer than this model reads: it read up to {words}.", words=words)
    # Translators: models read texts in tokens, which are words or parts of words.
    return language.ngettext(
        "Only the first {count} token of the prompt counts: it was read up to {words}.",
        "Only the first {count} tokens of the prompt count: it was read up to {words}.",
        tokens,
        words=words,
    )


def noticed(notice: VocabularyNotice, language: Language) -> str:
    """What a model made of words that it does not know."""
    # Translators: `/models` is a command.
    return language.gettext("{what}. `/models` shows what it knows.", what="; ".join(_notices(notice, language)))


def _notices(notice: VocabularyNotice, language: Language) -> Iterator[str]:
    """What it knows, with the first thing that it did; then what else it did."""
    data = {
        "model": safe(notice.model, 40),
        "kind": safe(notice.kind, 40),
        "known": language.number(notice.known),
        "drew": language.listed([_quoted(each.took, language) for each in notice.taken if not each.asked]),
    }
    did = list(_did(notice, language))
    if data["drew"]:
        yield language.ngettext(*_KNOWS_NOTHING[bool(notice.kind)], notice.known, **data)
    else:
        at_once = min(max(notice.at_once, 0), _SEVERAL)
        data["at_once"] = language.number(notice.at_once)
        knows = language.ngettext(*_KNOWS[bool(notice.kind), at_once], notice.known, **data)
        # Translators: {knows} is what a model knows, {did} what it made of a prompt.
        yield language.gettext("{knows}: {did}", knows=knows, did="; ".join(did))
        return
    yield from did


def _did(notice: VocabularyNotice, language: Language) -> Iterator[str]:
    instead = [
        # Translators: what was drawn, and the words that it stands for; both are quoted.
        language.gettext("{took} for {asked}", took=_quoted(each.took, language), asked=_quoted(each.asked, language))
        for each in notice.taken
        if each.asked
    ]
    if instead:
        # Translators: a model drew other things than it was asked for; {what} is such as "“red” for “crimson”".
        yield language.gettext("it took {what}", what=language.listed(instead))
    # Translators: the end of a list of words, as in "a, b and more".
    left = [_quoted(each, language) for each in notice.left] + ([language.gettext("more")] if notice.more else [])
    if left:
        # Translators: words of the prompt that a model could not draw.
        yield language.gettext("it left out {what}", what=language.listed(left))


def _quoted(words: str, language: Language) -> str:
    # Translators: quotation marks, as the language writes them.
    return language.gettext("“{words}”", words=safe(words, Taken.LONGEST))
