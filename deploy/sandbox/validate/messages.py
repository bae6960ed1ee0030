"""Message bodies: what may be sent, as a draft that the rest of the sandbox can rely on."""

from collections.abc import Container
from dataclasses import dataclass, field

from deploy.sandbox.errors import EMPTY_MESSAGE, TOO_LARGE, ApiError, Form
from deploy.sandbox.state.files import Upload
from deploy.sandbox.state.ids import snowflake
from deploy.sandbox.state.model import (
    COMPONENTS_V2,
    EPHEMERAL,
    SUPPRESS_EMBEDS,
    SUPPRESS_NOTIFICATIONS,
    Json,
    MessageRecord,
)

from . import components as parts
from . import embeds

MENTIONS = ("users", "roles", "everyone")
MOST_FILES = 10
REQUEST_BYTES = 25 * 1024 * 1024
LEGACY_WITH_V2 = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
LEGACY_TEXT = "The 'content' and 'embeds' fields cannot be used with MessageFlags.IS_COMPONENTS_V2"
SETTABLE = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2 | EPHEMERAL


@dataclass(slots=True)
class Draft:
    """A checked message body. None means that the sender did not mention the field."""

    content: str | None = None
    embeds: list[Json] | None = None
    components: list[Json] | None = None
    kept: dict[int, Json] | None = None  # attachments that an edit keeps, with what it changes on them
    uploads: list[Upload] = field(default_factory=list)
    flags: int | None = None
    allowed_mentions: Json | None = None
    tts: bool = False

    def leaves_nothing_of(self, edited: MessageRecord | None) -> bool:
        """Whether the message would be empty with this."""
        now: Json = edited.data if edited is not None else {}
        parts = (("content", self.content), ("embeds", self.embeds), ("components", self.components))
        held = edited.files if edited is not None else []
        files = self.uploads or (held if self.kept is None else self.kept)
        return not files and not any(now.get(key) if value is None else value for key, value in parts)


def check(
    payload: Json, uploads: dict[int, Upload], *, file_limit: int, editing: MessageRecord | None = None, path: str = "",
    emojis: Container[int] = (),
) -> Draft:  # fmt: skip
    """Check a message body. `path` is where it stands in the request, `emojis` the custom ones that may be used.

    Raises ApiError: 40005 for too many bytes, 50006 for nothing to send, 50035 for everything else.
    """
    _check_sizes(uploads, file_limit)
    form, at = Form(), f"{path}." if path else ""
    draft = Draft(flags=_flags(payload, form, at), tts=bool(payload.get("tts", False)))
    v2 = bool(((draft.flags or 0) | (editing.flags if editing is not None else 0)) & COMPONENTS_V2)
    if "content" in payload:
        content = "" if payload["content"] is None else payload["content"]
        if form.text(f"{at}content", content.strip() if isinstance(content, str) else content, 0, 2000):
            draft.content = str(content).strip()
    if "embeds" in payload:
        draft.embeds = embeds.check(_listed(payload["embeds"]), form, f"{at}embeds")
    if "components" in payload:
        draft.components = parts.check(_listed(payload["components"]), form, v2=v2, path=f"{at}components",
                                       emojis=emojis)  # fmt: skip
    _read_attachments(draft, payload, uploads, form, at, editing)
    if v2:
        _refuse_legacy(draft, form, at, editing)
    _check_mentions(payload, form, at)
    _check_reference(payload.get("message_reference"), form, f"{at}message_reference")
    draft.allowed_mentions = payload.get("allowed_mentions")
    form.check()
    if draft.leaves_nothing_of(editing):
        raise ApiError(EMPTY_MESSAGE)
    return draft


def _listed(value: object) -> object:
    """Null stands for an empty list, and nothing else does."""
    return [] if value is None else value


def _refuse_legacy(draft: Draft, form: Form, at: str, editing: MessageRecord | None) -> None:
    """Components V2 stand alone: an edit that turns them on has to take the text and the embeds away."""
    now: Json = editing.data if editing is not None else {}
    for key, value in (("content", draft.content), ("embeds", draft.embeds)):
        if now.get(key) if value is None else value:
            form.add(f"{at}{key}", LEGACY_WITH_V2, LEGACY_TEXT)


def _check_sizes(uploads: dict[int, Upload], file_limit: int) -> None:
    sizes = [len(upload.content) for upload in uploads.values()]
    # A boosted server's larger files come in a larger request; elsewhere 25 MiB is the wall.
    if any(size > file_limit for size in sizes) or sum(sizes) > max(REQUEST_BYTES, file_limit):
        raise ApiError(TOO_LARGE)


def _flags(payload: Json, form: Form, at: str) -> int | None:
    flags = payload.get("flags")
    if flags is None:
        return None
    if not form.whole(f"{at}flags", flags, 0, 2**31 - 1):
        return None
    return int(flags) & SETTABLE


def _read_attachments(
    draft: Draft, payload: Json, uploads: dict[int, Upload], form: Form, at: str, editing: MessageRecord | None
) -> None:
    listed = payload.get("attachments")
    notes: dict[int, Json] = {}
    if listed is not None:
        for number, each in enumerate(form.things(f"{at}attachments", listed, 0, MOST_FILES)):
            where, named = f"{at}attachments.{number}", snowflake(each.get("id"))
            if named is None:
                form.add(f"{where}.id", "NUMBER_TYPE_COERCE", f'Value "{each.get("id")}" is not snowflake.')
                continue
            notes[named] = each
            for key, least in (("description", 0), ("title", 0), ("filename", 1)):
                if each.get(key) is not None:
                    form.text(f"{where}.{key}", each[key], least, 1024)
    existing = [each.id for each in editing.files] if editing else []
    if listed is not None and editing is not None:
        draft.kept = {key: notes[key] for key in existing if key in notes}
    draft.uploads = [_named(upload, notes.get(index)) for index, upload in sorted(uploads.items())]
    total = len(draft.uploads) + len(existing if draft.kept is None else draft.kept)
    if total > MOST_FILES:
        form.add(f"{at}attachments", "BASE_TYPE_MAX_LENGTH", f"Must be {MOST_FILES} or fewer in length.")


def _named(upload: Upload, note: Json | None) -> Upload:
    if note is None:
        return upload
    name = note.get("filename") or upload.filename
    return Upload(str(name), upload.content, upload.content_type, note.get("description"))


def _check_mentions(payload: Json, form: Form, at: str) -> None:
    allowed = payload.get("allowed_mentions")
    if allowed is None:
        return
    if not isinstance(allowed, dict):
        form.add(f"{at}allowed_mentions", "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return
    parsed = form.items(f"{at}allowed_mentions.parse", _listed(allowed.get("parse")), 0, len(MENTIONS))
    for number, each in enumerate(parsed):
        form.choice(f"{at}allowed_mentions.parse.{number}", each, MENTIONS)
    for kind in ("users", "roles"):
        if allowed.get(kind) and kind in parsed:
            form.add(f"{at}allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                     f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.')  # fmt: skip
    for kind in ("users", "roles"):
        form.ids(f"{at}allowed_mentions.{kind}", _listed(allowed.get(kind)), 100)


def _check_reference(reference: object, form: Form, at: str) -> None:
    if reference is None:
        return
    if snowflake(form.thing(at, reference).get("message_id")) is None:
        form.add(f"{at}.message_id", "BASE_TYPE_REQUIRED", "This field is required")


def referenced(payload: Json) -> int | None:
    """The message that this one replies to, if any."""
    reference = payload.get("message_reference")
    return snowflake(reference.get("message_id")) if isinstance(reference, dict) else None
