"""Links of pictures and Midjourney's signs in a prompt: told before they are drawn as letters; words in the form."""

import pytest

from bot.commands.flagged import expanded
from bot.flags.read import BadFlag, Trouble
from bot.flags.signs import signs
from bot.texts.flags import bad_flags
from worker.contract.message.languages import ENGLISH

LINK = "https://cdn.discordapp.com/attachments/1/2/cat.png?ex=1&is=2"


@pytest.mark.parametrize(
    ("words", "trouble", "typed"),
    [
        (f"{LINK} as a dog", Trouble.LINK, LINK),
        ("a dog like https://example.com/a/b.JPG, sitting", Trouble.LINK, "https://example.com/a/b.JPG"),
        ("a dog <http://example.com/x.webp>", Trouble.LINK, "http://example.com/x.webp"),
        ("https://s.mj.run/abc a dog", Trouble.LINK, "https://s.mj.run/abc"),
        ("https://media.discordapp.net/attachments/1/2/x a dog", Trouble.LINK,
         "https://media.discordapp.net/attachments/1/2/x"),
        ("cat::2 dog", Trouble.PARTS, "::2"),
        ("hot:: dog", Trouble.PARTS, "::"),
        ("cat::-.5 dog::1.5", Trouble.PARTS, "::-.5"),
        ("a {red, green} bird", Trouble.PERMUTATION, "{red, green}"),
        ("a {,x} {red,blue,} bird", Trouble.PERMUTATION, "{red,blue,}"),
    ],
)  # fmt: skip
def test_what_is_meant_as_more_than_words_is_named(words: str, trouble: Trouble, typed: str) -> None:
    assert signs(words) == (BadFlag(trouble, typed),)
    command = expanded({"prompt": words}, form=False)
    assert command.bad is not None
    assert command.options == {"prompt": words}  # all is kept for the form
    form = expanded({"prompt": words}, form=True)
    assert (form.bad, form.options["prompt"]) == (None, words)


@pytest.mark.parametrize(
    "words",
    [
        "a cat", "std::vector on a screen", "a :: b", "at 10:30: a cat", "https://example.com/ on a sign", "cat.png",
        "a {red} bird", "{}", "a } b, c {", "(cat:1.3) [dog]", ":-) :: (:", "{ , }", "see https://example.com/a.pngx",
    ],
)  # fmt: skip
def test_words_are_words(words: str) -> None:
    assert signs(words) == ()
    assert expanded({"prompt": words}, form=False).bad is None


def test_it_is_said_what_to_do_instead() -> None:
    said = bad_flags(signs(f"{LINK} cat::2 {{red, blue}}"), ENGLISH)
    assert said == (
        f"`{LINK[:40]}` leads to a picture, and its letters would be drawn as words. "
        "Give the picture to `image` instead, or, if it is one of Easel's, write `--image` before the link of its "
        "message. `::2` is Midjourney's way to weigh words. Here that is `(words:1.3)`. "
        "`{red, blue}` is Midjourney's for several prompts in one. Please ask for each by itself. "
        "Nothing is drawn yet, and your prompt is kept here. "
        "If those are words to draw, send them by the form as they are."
    )
