"""The starter's own tokenizer: byte-level BPE in CLIP's file format, learnt from the captions."""

import json
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import CLIPTokenizer

MAX_LENGTH = 24
START, END, SUFFIX = "<|startoftext|>", "<|endoftext|>", "</w>"


def learn(captions: Iterable[str], folder: Path, size: int = 3600) -> CLIPTokenizer:
    """Learn merges from `captions`, write the tokenizer's files to `folder` and return it loaded from there.

    The alphabet holds every byte, so any text has tokens: unknown words fall apart into letters or bytes.
    """
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=[START, END],
        initial_alphabet=_bytes(),
        end_of_word_suffix=SUFFIX,
        show_progress=False,
    )
    learner = Tokenizer(models.BPE(end_of_word_suffix=SUFFIX, continuing_subword_prefix=""))
    learner.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    split = Regex(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+")
    learner.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(split, behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    learner.decoder = decoders.ByteLevel()
    learner.post_processor = processors.ByteLevel(trim_offsets=False)
    learner.train_from_iterator(captions, trainer)
    model = json.loads(learner.to_str())["model"]
    vocabulary: dict[str, int] = model["vocab"]
    for letter in _bytes():  # a byte that ended no word in the captions may end one in a prompt
        vocabulary.setdefault(letter + SUFFIX, len(vocabulary))
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = CLIPTokenizer(
        vocab=vocabulary,
        merges=[tuple(pair) for pair in model["merges"]],
        unk_token=END,
        bos_token=START,
        eos_token=END,
        pad_token=END,
        model_max_length=MAX_LENGTH,
    )
    tokenizer.save_pretrained(folder)
    return CLIPTokenizer.from_pretrained(folder)


def _bytes() -> list[str]:
    """The printable stand-ins of all 256 bytes, sorted."""
    return sorted(pre_tokenizers.ByteLevel.alphabet())
