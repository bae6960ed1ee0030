"""Text encoders of a few kilobytes with their tokenizers, as families of models bring them."""

from typing import Any

LETTERS = [chr(code) for code in range(33, 127)]


def t5_tokenizer() -> Any:
    from transformers import T5Tokenizer

    pieces = ["▁", *LETTERS, *(f"▁{letter}" for letter in LETTERS)]
    vocab = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *((piece, -float(len(piece))) for piece in pieces)]
    return T5Tokenizer(vocab=vocab, extra_ids=0)


def t5(**more: Any) -> Any:
    from transformers import T5Config, T5EncoderModel

    sizes = {"vocab_size": 256, "d_model": 32, "d_kv": 8, "d_ff": 37, "num_layers": 1, "num_heads": 4}
    return T5EncoderModel(T5Config(**(sizes | more)))


def bpe_tokenizer(*, begins: bool = False, **more: Any) -> Any:
    """As chat models have it, with a template for chats; `begins`: each text with a token of its own."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    words = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
    made = Tokenizer(models.BPE({word: number for number, word in enumerate(words)}, [], unk_token="<|endoftext|>"))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    if begins:
        made.post_processor = processors.TemplateProcessing("<|im_start|> $A", special_tokens=[("<|im_start|>", 1)])
    given = {
        "unk_token": "<|endoftext|>", "pad_token": "<|endoftext|>", "eos_token": "<|im_end|>",
        "bos_token": "<|im_start|>",
    }  # fmt: skip
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=made, **(given | more))
    tokenizer.chat_template = (
        "{% for m in messages %}<|im_start|>{{ m['role'] }}\n"
        "{% if m['content'] is string %}{{ m['content'] }}{% else %}{% for c in m['content'] %}{{ c['text'] }}"
        "{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
        "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
    )
    return tokenizer


def qwen3(layers: int = 2) -> Any:
    from transformers import Qwen3Config, Qwen3ForCausalLM

    return Qwen3ForCausalLM(
        Qwen3Config(
            vocab_size=300, hidden_size=32, intermediate_size=37, num_hidden_layers=layers, num_attention_heads=4,
            num_key_value_heads=2, head_dim=8, max_position_embeddings=4096,
        )
    )  # fmt: skip


def gemma2() -> Any:
    from transformers import Gemma2Config, Gemma2Model

    return Gemma2Model(
        Gemma2Config(
            vocab_size=300, hidden_size=32, intermediate_size=37, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, head_dim=8, max_position_embeddings=1024,
        )
    )  # fmt: skip
