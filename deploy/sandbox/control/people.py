"""Acting as a person."""

from deploy.sandbox import views
from deploy.sandbox.errors import bad_field

from .request import Ask, Handler


def slash(ask: Ask) -> object:
    """person, channel, command ("imagine" or "server limits"), options."""
    words = str(ask.need("command")).removeprefix("/").split()
    made = ask.box.acts.slash(ask.person(), ask.channel(), words, ask.options())
    return views.interaction(made)


def autocomplete(ask: Ask) -> object:
    """person, channel, command, focused (an option's name), value (what is typed so far), options."""
    words = str(ask.need("command")).removeprefix("/").split()
    focused, typed = str(ask.need("focused")), ask.get("value")
    made = ask.box.acts.autocomplete(
        ask.person(), ask.channel(), words, focused, "" if typed is None else typed, ask.options()
    )
    return views.interaction(made)


def context_menu(ask: Ask) -> object:
    """person, command, and message or user (with channel)."""
    person, name = ask.person(), str(ask.need("command"))
    if ask.get("message") is not None:
        message = ask.message()
        made = ask.box.acts.context_menu(person, ask.box.world.channel(message.channel_id), name, message)
    else:
        made = ask.box.acts.context_menu(person, ask.channel(), name, ask.person("user"))
    return views.interaction(made)


def press(ask: Ask) -> object:
    """person, message, custom_id."""
    made = ask.box.acts.use_component(ask.person(), ask.message(), str(ask.need("custom_id")))
    return views.interaction(made)


def select(ask: Ask) -> object:
    """person, message, custom_id, values."""
    values = ask.need("values")
    if not isinstance(values, list):
        raise bad_field("values", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
    picked = [str(each) for each in values]
    made = ask.box.acts.use_component(ask.person(), ask.message(), str(ask.need("custom_id")), picked)
    return views.interaction(made)


def submit(ask: Ask) -> object:
    """person, interaction (the one that showed the modal), fields by custom_id."""
    made = ask.box.acts.submit_modal(ask.person(), ask.interaction(), ask.options("fields"))
    return views.interaction(made)


def react(ask: Ask) -> object:
    """person, message, emoji."""
    ask.box.acts.react(ask.person(), ask.message(), str(ask.need("emoji")))
    return None


def unreact(ask: Ask) -> object:
    """person, message, emoji."""
    ask.box.acts.unreact(ask.person(), ask.message(), str(ask.need("emoji")))
    return None


def say(ask: Ask) -> object:
    """person, channel, content, files, reply_to."""
    reply_to = ask.message("reply_to") if ask.get("reply_to") is not None else None
    content = str(ask.get("content") or "")
    message = ask.box.acts.say(ask.person(), ask.channel(), content, ask.uploads(), reply_to)
    return views.message(message)


def delete(ask: Ask) -> object:
    """person, message."""
    ask.box.acts.delete(ask.person(), ask.message())
    return None


def edit(ask: Ask) -> object:
    """person, message, content: change the words of one's own message."""
    return views.message(ask.box.acts.edit(ask.person(), ask.message(), str(ask.need("content"))))


def pin(ask: Ask) -> object:
    """person, message, and `pinned` (false takes it off)."""
    ask.box.acts.pin(ask.person(), ask.message(), pinned=bool(ask.body.get("pinned", True)))
    return None


def typing(ask: Ask) -> object:
    """person, channel."""
    ask.box.acts.type(ask.person(), ask.channel())
    return None


ROUTES: list[tuple[str, str, Handler]] = [
    ("POST", "/slash", slash),
    ("POST", "/autocomplete", autocomplete),
    ("POST", "/context-menu", context_menu),
    ("POST", "/press", press),
    ("POST", "/select", select),
    ("POST", "/submit", submit),
    ("POST", "/react", react),
    ("POST", "/unreact", unreact),
    ("POST", "/say", say),
    ("POST", "/delete", delete),
    ("POST", "/edit", edit),
    ("POST", "/pin", pin),
    ("POST", "/typing", typing),
]
