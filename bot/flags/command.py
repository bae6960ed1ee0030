"""A request as the command that asks for it, to be copied."""

from worker.contract.types.request import PROMPT_MAX, Request

from .write import options_of, spelled

_COMMAND = "/imagine"


def typed(request: Request) -> str:
    """`/imagine prompt:… --ar 3:2 …`, without the picture that it may begin with.

    Where that is more than the prompt may hold, its long texts are options.
    """
    options = options_of(request.without_sources)
    prompt = spelled(request.prompt, options)
    if len(prompt) <= PROMPT_MAX:
        return f"{_COMMAND} prompt:{prompt}"
    negative = options.pop("negative_prompt", "")
    prompt = spelled(request.prompt, options)
    if len(prompt) > PROMPT_MAX:
        named = " ".join(f"{option}:{text}" for option, text in options.items())
        return f"{_COMMAND} prompt:{request.prompt} negative_prompt:{negative} {named}"
    return f"{_COMMAND} prompt:{prompt}" + (f" negative_prompt:{negative}" if negative else "")
