"""Weights of words, as the web UI that people know them from defines them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.engine.step.words import Piece, parse

DEFINED = [
    ("a (word)", [("a ", 1), ("word", 1.1)]),
    ("a ((word))", [("a ", 1), ("word", 1.21)]),
    ("a [word]", [("a ", 1), ("word", 1 / 1.1)]),
    ("a [[word]]", [("a ", 1), ("word", 1 / 1.21)]),
    ("a (word:1.5)", [("a ", 1), ("word", 1.5)]),
    ("a (word:0.25)", [("a ", 1), ("word", 0.25)]),
    ("a (word : .5 ) b", [("a ", 1), ("word ", 0.5), (" b", 1)]),
    ("(a [b] c:2)", [("a ", 2), ("b", 2 / 1.1), (" c", 2)]),
    ("(one)(two:1.2) three", [("one", 1.1), ("two", 1.2), (" three", 1)]),
    (r"a \(word\)", [("a (word)", 1)]),
    (r"a \[word\] \\ \n", [("a [word] \\ \\n", 1)]),
    ("(smile:D)", [("smile:D", 1.1)]),
    ("at 10:30, ratio 2:1", [("at 10:30, ratio 2:1", 1)]),
]


@pytest.mark.parametrize(("prompt", "pieces"), DEFINED)
def test_weights_are_read_as_they_are_defined(prompt: str, pieces: list[tuple[str, float]]) -> None:
    read = parse(prompt)
    assert [piece.text for piece in read.parts[0]] == [text for text, _ in pieces]
    assert [piece.weight for piece in read.parts[0]] == pytest.approx([weight for _, weight in pieces])
    assert read.words == "".join(text for text, _ in pieces)
    assert not read.odd
    assert (read.plain is None) is any(weight != 1 for _, weight in pieces)


@pytest.mark.parametrize(
    ("prompt", "parts"),
    [
        ("a BREAK b", (("a",), ("b",))),
        ("(a BREAK b:1.3) c", (("a",), ("b", " c"))),
        ("one\nBREAK\ntwo BREAK", (("one",), ("two",), ())),
        ("BREAKFAST at dawn", (("BREAKFAST at dawn",),)),
        ("a break", (("a break",),)),
    ],
)
def test_a_break_begins_anew(prompt: str, parts: tuple[tuple[str, ...], ...]) -> None:
    assert tuple(tuple(piece.text for piece in part) for part in parse(prompt).parts) == parts
    assert parse(prompt).words == " ".join("".join(part) for part in parts if part)


@pytest.mark.parametrize(
    "prompt",
    ["(word", "word)", "(a]b)", "[cat|dog]", "[cat:dog:0.5]", "[cat:10]", "a <lora:style:0.8>", "((a:1.2)", "a [b"],
)
def test_what_is_written_otherwise_stays_as_it_is_and_is_told(prompt: str) -> None:
    read = parse(prompt)
    assert read.odd
    if "(a" not in prompt:
        assert read.plain == prompt


@pytest.mark.parametrize("prompt", ["a happy dog :)", "a sad dog :-( here", "a red apple", "1 < 2, it's 10 % off!"])
def test_faces_and_plain_words_are_nothing_odd(prompt: str) -> None:
    read = parse(prompt)
    assert not read.odd
    assert read.plain == prompt


@given(st.text(alphabet="ab ()[]:.1\\|<>BREAK", max_size=60))
def test_every_text_is_a_prompt_and_no_word_is_lost(prompt: str) -> None:
    read = parse(prompt)
    kept = "".join(piece.text for part in read.parts for piece in part)
    assert sum(kept.count(letter) for letter in "ab") == sum(prompt.count(letter) for letter in "ab")
    assert all(piece.text and isinstance(piece, Piece) for part in read.parts for piece in part)


def test_a_thousand_brackets_take_no_time() -> None:
    assert parse("(" * 500 + "a" + ")" * 500).parts[0][0].weight == 10  # and no more, or nothing else would count
    assert parse("(a:-99)").parts[0][0].weight == -10
    assert parse("([" * 500).odd
