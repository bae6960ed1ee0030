"""General words that are narrowed down at once: an animal, a fox. Only the fox is drawn.

So people write, and so the bot does: for each picture of a prompt that says no more than a general word it adds one of
its kinds (`worker.contract.types.own_words`).
"""

from worker.contract.types.own_words import ONLY
from worker.engine.prompt_match.reading.lexicon import FILLERS, Kind, Lexicon
from worker.engine.prompt_match.reading.prompt import ARTICLES, PromptWords
from worker.engine.prompt_match.words.kinds import KINDS
from worker.engine.prompt_match.words.spelling import phrase, variants
from worker.engine.prompt_match.words.synonyms import STOP_WORDS

_IDLE = FILLERS | STOP_WORDS | ONLY  # beside a general word they say no more
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
        said = [at for at in range(begin, end) if prompt.plain[at] not in _IDLE] or range(begin, end)
        names = _KINDS_OF.get(tuple(prompt.plain[said[0] : said[-1] + 1]))
        after = end
        while after < len(prompt) and all(word in _IDLE for word in prompt.plain[after : prompt.comma(after)]):
            after = prompt.comma(after)  # please
        if names and _names_one_of(names, prompt, lexicon, after):
            prompt.use(said[0], said[-1] + 1)
        begin = end


def _names_one_of(names: frozenset[str], prompt: PromptWords, lexicon: Lexicon, at: int) -> bool:
    """Whether the part of a prompt that begins at a word does so with one of these names."""
    at += at < len(prompt) and prompt.plain[at] in ARTICLES
    found = lexicon.match(prompt.plain[: prompt.comma(at)], at) if at < len(prompt) else None
    return bool(found and found[0].kind is Kind.SUBJECT and _first_name(lexicon, found[0].number) in names)


def _first_name(lexicon: Lexicon, number: int) -> str:
    return lexicon.vocabulary.subjects[number].names[0]
