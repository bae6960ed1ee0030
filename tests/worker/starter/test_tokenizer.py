import pytest

from worker.starter.tokenizer import END, MAX_LENGTH, START


def test_known_words_are_whole_tokens(tokenizer):
    ids = tokenizer("a glossy sticker of a red apple, light blue background").input_ids
    tokens = tokenizer.convert_ids_to_tokens(ids)
    assert tokens[0] == START
    assert tokens[-1] == END
    assert "apple</w>" in tokens
    assert "sticker</w>" in tokens


@pytest.mark.parametrize("text", ["Zürich 日本 🍎", "xylophone!", "a\tb\nc", "\x00\x7f", "<@123> @everyone", ""])
def test_any_text_has_tokens_and_none_is_unknown(tokenizer, text):
    ids = tokenizer(text).input_ids
    assert ids[0] == tokenizer.bos_token_id
    assert tokenizer.unk_token_id not in ids[1:-1]


def test_long_text_is_cut(tokenizer):
    ids = tokenizer("apple " * 500, padding="max_length", truncation=True).input_ids
    assert len(ids) == MAX_LENGTH == tokenizer.model_max_length
