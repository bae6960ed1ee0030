import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.prompt_text import visible, words
from bot.commands.resolve import Asked, check_words

NAMES = {1: "Bea", 2: "Painters", 3: "gallery"}
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u00ad\u2060\u2061\u202a\u202e\u2066\u2069\ufeff\u180e\U000e0061\U000e0001"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("a <:red_apple:1234> on a table", "a red apple on a table"),
        ("<a:party_parrot:1>", "party parrot"),
        ("two<:apple:1><:pear:2>!", "two apple pear!"),
        ("<:apple:1><@1>", "apple Bea"),
        ("<@1> as a knight", "Bea as a knight"),
        ("<@!1>'s cat with <@&2> in <#3>", "Bea's cat with Painters in gallery"),
        ("<@99> in <#98>", "someone in somewhere"),
        ("</imagine:12> what it says", "imagine what it says"),
        ("a < b > c, <3, <:no:>, @everyone", "a < b > c, <3, <:no:>, @everyone"),
    ],
)
def test_what_discord_writes_as_ids_becomes_names(typed: str, read: str):
    assert words(typed, NAMES) == read


@pytest.mark.parametrize("hidden", INVISIBLE)
@pytest.mark.parametrize("word", ["apple", "ÄPFEL", "яблоко", "μήλο", "4x4"])
def test_what_cannot_be_seen_makes_no_other_word(word: str, hidden: str):
    assert visible(hidden.join(word)) == word
    assert visible(f"{hidden}a {hidden}{word}{hidden}.") == f"a {word}."


@pytest.mark.parametrize(
    "text", ["👩\u200d🚀", "🏳️\u200d🌈", "❤️\u200d🔥", "🏴\U000e0067\U000e0062\U000e007f", "می\u200cخواهم", "क्\u200dष"]
)
def test_what_joins_emoji_and_letters_stays(text: str):
    assert visible(text) == text


@given(st.text(alphabet=st.characters(exclude_categories=["Cf", "Cs"])))
def test_what_can_be_seen_is_left_alone(text: str):
    assert visible(text) == text


@given(
    st.text(alphabet=st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("<@!&#:>/1a ")), min_size=1)
)
def test_words_remain_words(text: str):
    once = words(text, NAMES)
    assert visible(once) == once


def test_names_do_not_make_a_prompt_too_long():
    asked = Asked("<@1>" * 300, "<:apple:1>").with_names({1: "B" * 32})
    assert asked.negative_prompt == "apple"
    check_words(asked)
