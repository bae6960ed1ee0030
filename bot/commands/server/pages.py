"""The panel of a server's settings and its pages: from what is set to components. Nothing is asked of anybody here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bot.texts.server import panel as said
from bot.texts.server import values as words
from worker.contract.message.custom_ids import ServerId, ServerStep
from worker.contract.message.markdown import channel_link, mention
from worker.contract.store.server_settings import Untold
from worker.contract.types.server_settings import Change, ServerSettings

from . import parts, summary
from .keys import Held
from .parts import Part
from .values import Known

_MORE_FORMS: Mapping[str, tuple[str, ...]] = {
    "r": ("person", "request", "models"),
    "c": ("person", "request", "models", "usual", "where"),
}
_HOME = {"r": "roles", "c": "where", "u": "people"}
LISTED = {"roles": "r", "where": "c"}  # pages on which there may be some that are gone
CHANGES_SHOWN = 10
_LINES = {
    "person": summary.each_person,
    "together": summary.together,
    "request": summary.each_request,
    "models": summary.models,
    "usual": summary.usual,
    "buttons": summary.buttons,
}


@dataclass(frozen=True)
class View:
    """What a server's pages show.

    Attributes:
        name: of the server.
        version: the number of the last change, 0 where there was none.
        pictures, people, waiting: today's, and what waits or is drawn now.
        last: the last change.
        damaged: what of the settings cannot be read, as dotted paths.
        now: ms since the epoch.
        median: seconds that the request in the middle waited today for its turn; None where none has had it.
        untold: the channel that should hear of changes and could not be told, and since when.
        gone: roles (`r123`) and channels (`c123`) that something is set for and that are no longer there.
        notes: what of the page's role, channel or person does less than it says, in words.
    """

    name: str
    version: int
    settings: ServerSettings
    known: Known
    pictures: int = 0
    people: int = 0
    waiting: int = 0
    last: Change | None = None
    damaged: tuple[str, ...] = ()
    now: int = field(default_factory=words.now_ms)
    median: float | None = None
    untold: Untold | None = None
    gone: frozenset[str] = frozenset()
    notes: Sequence[str] = ()

    @cached_property
    def held(self) -> Held:
        """The settings, to be asked for single values."""
        return Held(self.settings)


def panel(view: View) -> Part:
    """The whole panel as a message."""
    language = view.known.language
    title = [said.heading(view.name, language), said.introduction(language)]
    if view.settings.paused is not None:
        title.append(said.paused(view.settings.paused, language))
    if view.damaged:
        title.append(said.damaged(view.damaged, language))
    title.append(_untold(view))
    return parts.message(
        parts.text(*title),
        parts.line(),
        *_lines(view),
        parts.line(),
        parts.text(said.today(view.pictures, view.people, view.waiting, view.median, language), _last(view)),
        parts.row(
            _to("usage", view, "📊"), _to("changes", view, "📜"), _to("reset", view, "↩️"), _to("export", view, "💾"),
        ),
    )  # fmt: skip


def _untold(view: View) -> str:
    """That the channel which should hear of changes does not; "" where it does, or there is none."""
    channel, language = view.settings.log_channel, view.known.language
    if channel is None:
        return ""
    if view.untold and view.untold.channel == channel:
        return said.untold(channel_link(channel), words.moment(view.untold.since), language)
    return "" if view.known.can_write(channel) else said.untold(channel_link(channel), "", language)


def _lines(view: View) -> list[Part]:
    held, known = view.held, view.known
    found = [_form_line(name, _LINES[name](held, known), view) for name in ("person", "together", "request")]
    found.append(_page_line("roles", summary.roles(held, known), view))
    found += [_form_line(name, _LINES[name](held, known), view) for name in ("models", "usual")]
    found.append(_page_line("where", [*summary.where(held, known), *summary.channels(held, known)], view))
    found.append(_form_line("buttons", summary.buttons(held, known), view))
    found.append(_page_line("people", summary.people(held, known, view.now), view))
    return found


def _form_line(name: str, lines: Sequence[str], view: View) -> Part:
    language = view.known.language
    opens = ServerId(ServerStep.FORM, name)
    return parts.section(said.button("change", language), opens, f"**{said.line(name, language)}**", *lines)


def _page_line(name: str, lines: Sequence[str], view: View) -> Part:
    language = view.known.language
    shown = said.some(lines, language) or said.nobody(language)
    opens = ServerId(ServerStep.SHOW, name)
    return parts.section(said.button("change", language), opens, f"**{said.line(name, language)}**", shown)


def _to(name: str, view: View, emoji: str = "") -> Part:
    return parts.button(said.button(name, view.known.language), ServerId(ServerStep.SHOW, name), emoji=emoji)


def _last(view: View) -> str:
    language, last = view.known.language, view.last
    if last is None:
        return said.never_changed(language)
    what = summary.changed(last, view.known)
    return said.last_change(mention(last.by), words.moment(last.at), what, language)


def page(name: str, view: View) -> Part:
    """One of the pages behind a line of the panel: `roles`, `where`, `people` or `reset`."""
    language, held, known = view.known.language, view.held, view.known
    back = parts.button(f"← {said.button('settings', language)}", ServerId(ServerStep.SHOW))
    head = [f"### {said.button(name, language) if name == 'reset' else said.line(name, language)}"]
    head.append(said.about(name, language))
    match name:
        case "roles":
            found = summary.roles(held, known)
            picks, more = [_pick(parts.ROLE_SELECT, "role", view)], []
        case "where":
            found = [*summary.where(held, known), *summary.channels(held, known)]
            picks = [_pick(parts.CHANNEL_SELECT, "channel", view)]
            more = [parts.button(said.button("where", language), ServerId(ServerStep.FORM, "where"))]
            head.append(said.who_where(language))
        case "people":
            found = summary.people(held, known, view.now)
            found += [said.paused(view.settings.paused, language)] if view.settings.paused is not None else []
            picks = [_pick(parts.PERSON_SELECT, "person", view)]
            more = [parts.button(said.button("pause", language), ServerId(ServerStep.FORM, "pause"))]
        case _:
            found, picks = [], []
            sure = ServerId(ServerStep.RESET, number=view.version)
            more = [parts.button(said.button("reset_all", language), sure, style=parts.DANGER)]
    if gone := [each for each in view.gone if each[0] == LISTED.get(name)]:
        head.append(said.gone(len(gone), language))
        more.append(parts.button(said.button("gone", language), ServerId(ServerStep.CLEAR, name, "", view.version)))
    listed = [parts.text(said.some(found, language, said.PAGE_ROOM))] if found else []
    return parts.message(parts.text(*head), *listed, *picks, parts.row(*more, back))


def _pick(kind: int, what: str, view: View) -> Part:
    more = {"channel_types": list(parts.SPOKEN_IN)} if kind == parts.CHANNEL_SELECT else {}
    return parts.select(kind, ServerId(ServerStep.PICK, what), said.choose(what, view.known.language), **more)


def subject(who: str, view: View, waiting: int = 0) -> Part:
    """The page of one role (`r123`), channel (`c123`) or person (`u123`), who has so many jobs waiting."""
    if who[:1] == "u":
        return _person(int(who[1:]), view, waiting)
    language = view.known.language
    name = summary.role_name(int(who[1:])) if who[0] == "r" else channel_link(int(who[1:]))
    forms = [
        parts.button(said.button(form, language), ServerId(ServerStep.FORM, form, who)) for form in _MORE_FORMS[who[0]]
    ]
    ends = [
        parts.button(said.button("clear", language), ServerId(ServerStep.CLEAR, "", who, view.version)),
        _back(who, view),
    ]
    what = summary.of_subject(who, view.held, view.known)
    return parts.message(parts.text(f"### {name}", what, *view.notes), parts.row(*forms), parts.row(*ends))


def _person(person: int, view: View, waiting: int) -> Part:
    language, who = view.known.language, f"u{person}"
    blocked, granted = view.settings.blocked.get(person), view.settings.grants.get(person)
    granted = granted if granted and granted.until > view.now else None
    lines = [f"### {mention(person)}", said.waits(waiting, language)]
    for key, entry in (("blocked", blocked), ("grants", granted)):
        if entry is not None:
            lines.append(words.value(key, entry.model_dump(), language))

    def acts(name: str, step: ServerStep, about: str = "") -> Part:
        return parts.button(said.button(name, language), ServerId(step, about, who, view.version))

    row = [acts("unblock", ServerStep.UNBLOCK) if blocked else acts("block", ServerStep.FORM, "block")]
    row += [acts("ungrant", ServerStep.UNGRANT)] if granted else []
    row += [acts("grant", ServerStep.FORM, "grant"), *([acts("stop", ServerStep.STOP)] if waiting else [])]
    return parts.message(parts.text(*lines, *view.notes), parts.row(*row, _back(who, view)))


def _back(who: str, view: View) -> Part:
    home = _HOME[who[:1]]
    return parts.button(f"← {said.line(home, view.known.language)}", ServerId(ServerStep.SHOW, home))


def changes(found: Sequence[Change], view: View) -> Part:
    """The audit, newest first; `found` may hold one more than is shown, which says that there are older ones."""
    language = view.known.language
    shown = found[:CHANGES_SHOWN]
    lines = [words.audit(each, summary.changed(each, view.known), language) for each in shown]
    head = f"### {said.button('changes', language)}"
    body = parts.text(head, _untold(view), *(lines or [said.never_changed(language)]))
    row = [parts.button(f"← {said.button('settings', language)}", ServerId(ServerStep.SHOW))]
    if shown and shown[0].number < view.version:
        newer = min(view.version, shown[0].number + CHANGES_SHOWN)
        row.append(parts.button(said.button("newer", language), ServerId(ServerStep.SHOW, "changes", "", newer)))
    if len(found) > CHANGES_SHOWN:
        older = found[CHANGES_SHOWN].number
        row.append(parts.button(said.button("older", language), ServerId(ServerStep.SHOW, "changes", "", older)))
    return parts.message(body, parts.row(*row))
