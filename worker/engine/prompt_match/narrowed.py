"""General words that are narrowed down at once: an animal, a fox. Only the fox is drawn.

So people write, and so the bot does: for each picture of a prompt that says no more than a general word it adds one of
its kinds (`worker.contract.types.own_words`).
"""

from .kinds import KINDS
from .lexicon import FILLERS, Kind, Lexicon
from .prompt import ARTICLES, PromptWords
from .spelling import phrase, variants
from .synonyms import STOP_WORDS

_KINDS_OF = {
    form: frozenset(names)
    for said, names in KINDS.items()
    for words in map(phrase, said)
    for form in (words, *variants(words))
}


def pass_over(prompt: PromptWords, lexicon: Lexicon) -> None:
    """Account for general words after which, behind a comma, one of what they mean is named; and for nothing else."""
    begin = 0
    while begin < len(prompt):
        end = prompt.comma(begin)
        at = next((at for at in range(begin, end) if tuple(prompt.plain[at:end]) in _KINDS_OF), end)
        asks = at < end and all(word in FILLERS or word in STOP_WORDS for word in prompt.plain[begin:at])
        if asks and _names_one_of(_KINDS_OF[tuple(prompt.plain[at:end])], prompt, lexicon, end):
            prompt.use(at, end)
        begin = end


def _names_one_of(names: frozenset[str], prompt: PromptWords, lexicon: Lexicon, at: int) -> bool:
    """Whether the part of a prompt that begins at a word does so with one of these names."""
    at += at < len(prompt) and prompt.plain[at] in ARTICLES
    found = lexicon.match(prompt.plain[: prompt.comma(at)], at) if at < len(prompt) else None
    return bool(found and found[0].kind is Kind.SUBJECT and _first_name(lexicon, found[0].number) in names)


def _first_name(lexicon: Lexicon, number: int) -> str:
    return lexicon.vocabulary.subjects[number].names[0]
