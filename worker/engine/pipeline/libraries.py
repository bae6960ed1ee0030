"""The large libraries, imported when loading begins, and told to keep to themselves what they would print."""

import os


def import_quietly() -> None:
    """Takes seconds."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    import diffusers
    import transformers

    # They warn of prompts that are cut at 77 tokens, and print them; prompts do not belong into a log.
    diffusers.utils.logging.set_verbosity_error()
    diffusers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
