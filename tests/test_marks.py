"""The check of what was said finds what it should: it reads everything but what it knows that nobody reads."""

import pytest

from tests.marks import read_texts, unmarked


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("⟦All of it⟧", []),
        ("**⟦Bold⟧** · 128 × 128 ▰▱ 🔁", []),
        ("⟦Seen⟧ by", ["by"]),
        ("⟦Seen ⟪by⟫⟧", ["by"]),
        ("⟦Seen ⟪⟦by⟧ ⟪me⟫⟫⟧", ["me"]),
        ("<@5> <#7> https://discord.com/x", []),
        ("starter", []),
        (r"\*a\* fox", []),
    ],
)
def test_words_outside_of_sentences_are_found(text: str, left: list[str]) -> None:
    assert unmarked(text, ["starter", "*a* fox"]) == left


@pytest.mark.parametrize("text", ["⟦", "⟧", "⟦⟪⟧⟫"])
def test_broken_marks_are_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"[⟦⟧⟪⟫]"):
        unmarked(text)


def test_all_of_a_body_is_read_but_what_nobody_reads() -> None:
    body = {
        "content": "1",
        "nonce": "no",
        "embeds": [{"title": "2", "fields": [{"name": "3", "value": "4"}]}],
        "components": [{"components": [{"label": "5", "custom_id": "no", "emoji": {"name": "no"}}]}],
        "attachments": [{"filename": "no", "description": "6"}],
        "allowed_mentions": {"parse": ["no"]},
        "something": {"new": "7"},
    }
    assert [text for _, text in read_texts(body)] == list("1234567")
    commands = [{"name": "no", "options": [{"name": "no", "choices": [{"name": "1", "value": "no"}]}]}]
    assert [text for _, text in read_texts(commands)] == ["1"]
