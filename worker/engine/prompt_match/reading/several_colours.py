"""Which colours several of one thing have: balloons in different colours, a red and a blue one, one black one white."""

from dataclasses import dataclass

from worker.engine.prompt_match.words.phrases import Phrases

from .prompt import ARTICLES, PromptWords

# In this order they stand out from each other; those that no drawing has by nature come last.
PLEASANT = ("red", "yellow", "green", "blue", "purple", "orange", "pink", "teal", "brown", "gray", "black", "white")
_MANY = (
    "different, many, many different, various, all, all different, all the, all sorts of, all kinds of, several, "
    "assorted, lots of, mixed, rainbow, bright, multiple"
)
_COLOURS, _COLOURED = ("colors", "colours"), ("colored", "coloured", "color", "colour")
_VARIOUS = Phrases(
    {
        True: ", ".join(
            [
                *(f"{led} {many} {word}" for led in ("in", "of", "with") for many in _MANY.split(", ")
                  for word in _COLOURS),
                *(f"{many} {word}" for many in ("different", "differently", "various", "variously", "rainbow", "multi",
                                                "many", "brightly") for word in _COLOURED),
                *(f"{led} different {word}" for led in ("each a", "each in a", "each of a", "each one a", "all a")
                  for word in ("color", "colour")),
                *(f"all different {word}" for word in _COLOURS),
                *(f"in all the {word} of the rainbow" for word in _COLOURS),
                "colorful, colourful, multicolored, multicoloured, multicolor, multicolour",
            ]
        )
    }
)  # fmt: skip
_ONE = (
    ("the", "other"), ("the", "first"), ("the", "second"), ("the", "third"), ("the", "last"), ("the", "others"),
    ("one",), ("another",),
)  # fmt: skip
_BEING = frozenset(("is", "in", "painted", "being", "colored", "coloured"))
NO_TWO = frozenset(("black", "white"))  # one thing has both: a panda, a cow, a football


@dataclass(frozen=True)
class SaidColours:
    """The colours that some words tell of.

    Attributes:
        paints: in their order; of things beyond them each has its own colour.
        words: which words say so.
        each: each is said of one thing alone, so there are at least so many.
    """

    paints: tuple[str, ...]
    words: tuple[int, ...]
    each: bool = False


def various(prompt: PromptWords, at: int) -> range:
    """The words, from one on, that say that several things have different colours; none where it says no such."""
    end = next((i for i in range(at + 1, len(prompt)) if prompt.words[i].breaks), len(prompt))
    found = _VARIOUS.match(prompt.plain[:end], at)
    return range(at, at + found[1] if found else at)


def listed_before(prompt: PromptWords, at: int, paints: frozenset[str], *, plural: bool) -> SaidColours | None:
    """The colours that are listed before a thing, whose own words begin at `at`, its colour among them.

    A red, a blue and a green balloon; of a plural also: red, blue and green balloons, but no black and white cows.
    """
    plain = prompt.plain
    first = at if plain[at] in paints else at - 1
    if first < 0 or plain[first] not in paints:
        return None
    said, words, apart = [plain[first]], [first], True
    while True:
        led = first - 1 >= 0 and plain[first - 1] in {*ARTICLES, "one", "another"}
        before = first - led
        joined = before > 0 and plain[before - 1] == "and"
        other = before - joined - 1
        if not (joined or prompt.words[before].breaks) or other < 0 or plain[other] not in paints:
            break
        if not prompt.free(other):
            break
        apart &= led
        said.insert(0, plain[other])
        words.append(other)
        first = other
    apart &= first > 0 and plain[first - 1] in {*ARTICLES, "one"}
    if len(said) < 2 or not (apart or (plural and (len(said) > 2 or not NO_TWO.issuperset(said)))):
        return None
    return SaidColours(tuple(said), tuple(words), each=True)


def told_after(prompt: PromptWords, end: int, paints: frozenset[str]) -> SaidColours | None:
    """The colours that are told of single ones after a thing ends: one black and one white; and a blue one."""
    plain = prompt.plain
    said: list[str] = []
    words: list[int] = []
    more = False
    at = end
    while at < len(plain):
        joined = plain[at] == "and" or prompt.words[at].breaks
        begin = at + (plain[at] == "and")
        one = next((names for names in _ONE if tuple(plain[begin : begin + len(names)]) == names), ())
        after = begin + len(one)
        after += after < len(plain) and bool(one) and plain[after] in _BEING
        article = not one and begin < len(plain) and plain[begin] in ARTICLES
        after += article
        if not (one or article) or (not joined and not one) or after >= len(plain) or plain[after] not in paints:
            break
        noun = plain[after + 1 : after + 2] == ["one"] and not prompt.words[after + 1].breaks
        if (article and not noun) or not (prompt.free(after) or noun):
            break
        more |= article
        said.append(plain[after])
        words += range(at, after + 1 + noun)
        at = after + 1 + noun
    return SaidColours(tuple(said), tuple(words), each=more) if said else None
