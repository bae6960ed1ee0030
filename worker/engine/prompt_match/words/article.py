"""The article before a thing, as captions of training and prompts for the model have it."""

_WITHOUT = {"fire", "cherries", "people", "money"}


def with_article(name: str) -> str:
    """Put `a` or `an` before a name that takes one; plurals and the like take none."""
    last = name.rsplit(" ", 1)[-1]
    bare = last in _WITHOUT or (last.endswith("s") and not last.endswith(("ss", "us", "is")))
    return name if bare else article(name)


def article(words: str) -> str:
    """Put `a` or `an` before words, by how their first one sounds."""
    vowel = (words[0] in "aeio" and not words.startswith(("one", "eu"))) or (
        words.startswith(("um", "un", "up", "hour")) and not words.startswith(("uni", "un "))
    )
    return f"an {words}" if vowel else f"a {words}"
