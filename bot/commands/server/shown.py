"""`/server limit show`: all that is set in a few lines, to read and to copy."""

from bot.texts.server import panel as said

from . import parts, summary
from .pages import View
from .parts import Part


def message(view: View) -> Part:
    """The lines of the panel without its buttons."""
    held, known, language = view.held, view.known, view.known.language
    lines = {
        "person": summary.each_person(held, known),
        "together": summary.together(held, known),
        "request": summary.each_request(held, known),
        "roles": [said.some(summary.roles(held, known), language) or said.nobody(language)],
        "models": summary.models(held, known),
        "usual": summary.usual(held, known),
        "where": [*summary.where(held, known), said.some(summary.channels(held, known), language)],
        "buttons": summary.buttons(held, known),
    }
    text = "\n".join(
        "\n".join(filter(None, (f"**{said.line(name, language)}**", *found))) for name, found in lines.items()
    )
    return parts.message(parts.text(said.heading(view.name, language), text))
