"""Acting as a person."""

from deploy.sandbox import views
from deploy.sandbox.errors import bad_field

from .request import ControlRequest, Handler


def _words(request: ControlRequest) -> list[str]:
    words = str(request.need("command")).removeprefix("/").split()
    if not words:
        raise bad_field("command", "BASE_TYPE_REQUIRED", "This field is required")
    return words


def slash(request: ControlRequest) -> object:
    """person, channel, command ("imagine" or "server limits"), options."""
    words = _words(request)
    made = request.box.actions.slash(request.person(), request.channel(), words, request.options())
    return views.interaction(made)


def autocomplete(request: ControlRequest) -> object:
    """person, channel, command, focused (an option's name), value (what is typed so far), options."""
    words = _words(request)
    focused, typed = str(request.need("focused")), request.get("value")
    made = request.box.actions.autocomplete(
        request.person(), request.channel(), words, focused, "" if typed is None else typed, request.options()
    )
    return views.interaction(made)


def context_menu(request: ControlRequest) -> object:
    """person, command, and message or user (with channel)."""
    person, name = request.person(), str(request.need("command"))
    if request.get("message") is not None:
        message = request.message()
        made = request.box.actions.context_menu(person, request.box.world.channel(message.channel_id), name, message)
    else:
        made = request.box.actions.context_menu(person, request.channel(), name, request.person("user"))
    return views.interaction(made)


def press(request: ControlRequest) -> object:
    """person, message, custom_id."""
    made = request.box.actions.use_component(request.person(), request.message(), str(request.need("custom_id")))
    return views.interaction(made)


def select(request: ControlRequest) -> object:
    """person, message, custom_id, values."""
    values = request.need("values")
    if not isinstance(values, list):
        raise bad_field("values", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
    picked = [str(each) for each in values]
    made = request.box.actions.use_component(
        request.person(), request.message(), str(request.need("custom_id")), picked
    )
    return views.interaction(made)


def submit(request: ControlRequest) -> object:
    """person, interaction (the one that showed the modal), fields by custom_id."""
    made = request.box.actions.submit_modal(request.person(), request.interaction(), request.options("fields"))
    return views.interaction(made)


def react(request: ControlRequest) -> object:
    """person, message, emoji."""
    request.box.actions.react(request.person(), request.message(), str(request.need("emoji")))
    return None


def unreact(request: ControlRequest) -> object:
    """person, message, emoji."""
    request.box.actions.unreact(request.person(), request.message(), str(request.need("emoji")))
    return None


def say(request: ControlRequest) -> object:
    """person, channel, content, files, reply_to."""
    reply_to = request.message("reply_to") if request.get("reply_to") is not None else None
    content = str(request.get("content") or "")
    message = request.box.actions.say(request.person(), request.channel(), content, request.uploads(), reply_to)
    return views.message(message)


def delete(request: ControlRequest) -> object:
    """person, message."""
    request.box.actions.delete(request.person(), request.message())
    return None


def edit(request: ControlRequest) -> object:
    """person, message, content: change the words of one's own message."""
    return views.message(request.box.actions.edit(request.person(), request.message(), str(request.need("content"))))


def pin(request: ControlRequest) -> object:
    """person, message, and `pinned` (false takes it off)."""
    request.box.actions.pin(request.person(), request.message(), pinned=bool(request.body.get("pinned", True)))
    return None


def typing(request: ControlRequest) -> object:
    """person, channel."""
    request.box.actions.type(request.person(), request.channel())
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
