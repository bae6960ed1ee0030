"""The life of an interaction: created, answered within three seconds or failed, then 15 minutes of its token."""

import base64
import secrets
from dataclasses import dataclass

from deploy.sandbox import serialise
from deploy.sandbox.errors import (
    ALREADY_ANSWERED,
    INVALID_TOKEN,
    MISSING_PERMISSIONS,
    SEND_TO_ARCHIVED,
    THREAD_LOCKED,
    TOO_MANY_FOLLOW_UPS,
    UNKNOWN_INTERACTION,
    UNKNOWN_MESSAGE,
    UNKNOWN_WEBHOOK,
    ApiError,
    Form,
)
from deploy.sandbox.permissions import Permission
from deploy.sandbox.state.clock import Clock
from deploy.sandbox.state.files import Upload
from deploy.sandbox.state.ids import Snowflakes
from deploy.sandbox.state.model import (
    AUTOCOMPLETE,
    BY_SERVER,
    COMMAND,
    COMPONENT,
    EPHEMERAL,
    LOADING,
    MODAL,
    Channel,
    InteractionRecord,
    Json,
    MessageRecord,
)
from deploy.sandbox.state.world import World
from deploy.sandbox.validate import commands, messages, modals, options
from deploy.sandbox.validate.messages import Draft

from .announce import Announcer
from .messages import REPLY, Messages, SendContext

FIRST_ANSWER_SECONDS = 3.0
TOKEN_SECONDS = 15 * 60.0
PONG, REPLY_NOW, DEFER, DEFER_UPDATE, UPDATE, CHOICES, SHOW_MODAL = 1, 4, 5, 6, 7, 8, 9
FOREIGN_FOLLOW_UPS = 5  # where the application is not installed in the server
KEPT = 20_000

# Which answers each kind of interaction takes; the last two columns need a message that it came from.
ANSWERS = {
    COMMAND: {REPLY_NOW, DEFER, SHOW_MODAL},
    COMPONENT: {REPLY_NOW, DEFER, DEFER_UPDATE, UPDATE, SHOW_MODAL},
    AUTOCOMPLETE: {CHOICES},
    MODAL: {REPLY_NOW, DEFER},
}
RESPONSE_TYPE = {1: 20, 2: 23, 3: 23}  # message type by command type


@dataclass(slots=True)
class NewInteraction:
    """What a person did, ready to become an interaction."""

    kind: int
    person_id: int
    channel: Channel
    name: str
    data: Json
    owners: dict[str, str]
    hidden: bool = False  # whether answers are for this person alone, whatever they say
    source: MessageRecord | None = None
    parent: InteractionRecord | None = None  # the one that showed the modal


class Interactions:
    """Creates interactions, takes their answers, and keeps the times of Discord."""

    def __init__(self, world: World, clock: Clock, ids: Snowflakes, messages: Messages, announce: Announcer) -> None:
        self._world = world
        self._clock = clock
        self._ids = ids
        self._messages = messages
        self._announce = announce

    def create(self, act: NewInteraction) -> InteractionRecord:
        """Send INTERACTION_CREATE; without an answer within three seconds the interaction fails."""
        interaction_id = self._ids.next()
        token = base64.urlsafe_b64encode(f"interaction:{interaction_id}:{secrets.token_hex(40)}".encode()).decode()
        made = InteractionRecord(
            interaction_id, act.kind, token.rstrip("="), act.name, act.person_id, act.channel.id,
            act.channel.guild_id, act.data, self._clock.now(), self._world.context(act.channel), act.owners, act.hidden,
            source_id=act.source.id if act.source else None, parent=act.parent,
        )  # fmt: skip
        self._world.interactions[made.id] = self._world.by_token[made.token] = made
        if len(self._world.interactions) > KEPT:
            self._forget_oldest()
        self._clock.call_later(FIRST_ANSWER_SECONDS, lambda: self._time_out(made))
        body = serialise.interaction(made, self._world)
        if act.source is not None:
            body["message"] = self._messages.data(act.source)
        self._announce.interaction_created(made, body)
        return made

    def answer(self, made: InteractionRecord, payload: Json, uploads: dict[int, Upload]) -> MessageRecord | None:
        """The first answer. Refuses a late one (10062), a second one (40060) and one of the wrong kind (50035)."""
        if made.state == "failed" or made.dead or self._expired(made):
            raise ApiError(UNKNOWN_INTERACTION)
        if made.state == "answered":
            raise ApiError(ALREADY_ANSWERED)
        kind = payload.get("type")
        from_message = made.kind in (COMPONENT, MODAL) and made.source_id is not None
        allowed = ANSWERS[made.kind] | ({DEFER_UPDATE, UPDATE} if from_message else set()) | {PONG}
        form = Form()
        form.choice("type", kind, sorted(allowed))
        data = form.thing("data", payload.get("data") or {})
        form.check()
        message = self._answer(made, int(str(kind)), data, uploads)
        made.state, made.answer_type, made.answered_at = "answered", int(str(kind)), self._clock.now()
        self._announce.interaction_changed(made)
        return message

    def by_token(self, application_id: int, token: str) -> InteractionRecord:
        """The answered interaction behind a webhook route. Refuses 10015 and, when its time is over, 50027."""
        made = self._world.by_token.get(token)
        if made is None or application_id != self._world.app_id:
            raise ApiError(UNKNOWN_WEBHOOK)
        if made.dead or self._expired(made):
            raise ApiError(INVALID_TOKEN)
        if made.state != "answered":
            raise ApiError(UNKNOWN_WEBHOOK)
        return made

    def owned(self, made: InteractionRecord, message_id: int | None) -> MessageRecord:
        """A message that this token may touch; None means @original."""
        wanted = made.original_id if message_id is None else message_id
        message = self._world.messages.get(wanted or 0)
        if message is None or message.deleted:
            raise ApiError(UNKNOWN_MESSAGE)
        if message.id != made.original_id and message.interaction_id != made.id:
            raise ApiError(UNKNOWN_MESSAGE)
        return message

    def edit(
        self, made: InteractionRecord, message: MessageRecord, payload: Json, uploads: dict[int, Upload]
    ) -> MessageRecord:
        """Edit a message of this interaction's. Refuses as a new message would be, and 50083 in an archived thread."""
        draft = self._draft(made, payload, uploads, editing=message)
        return self._messages.edit(message, draft)

    def follow_up(self, made: InteractionRecord, payload: Json, uploads: dict[int, Upload]) -> MessageRecord:
        """A further message; after a deferral the first one takes the place of "is thinking"."""
        made.followups += 1
        if str(BY_SERVER) not in made.owners and made.followups > FOREIGN_FOLLOW_UPS:
            raise ApiError(TOO_MANY_FOLLOW_UPS)
        original = self._world.messages.get(made.original_id or 0)
        if original is not None and original.loading and not original.deleted:
            return self._messages.edit(original, self._draft(made, payload, uploads))
        reply_to = original if original is not None and not original.deleted else None
        return self._send(made, self._draft(made, payload, uploads), reply_to=reply_to)

    def expire(self, made: InteractionRecord) -> None:
        """End the token now, as Discord sometimes does before its time."""
        made.dead = True
        self._announce.interaction_changed(made)

    def resume(self) -> None:
        """After a restart: what waited for its first answer has failed, and deferrals end when their tokens do."""
        for made in self._world.interactions.values():
            self._time_out(made)
            original = self._world.messages.get(made.original_id or 0)
            if original is not None and original.loading:
                left = max(0.0, made.created + TOKEN_SECONDS - self._clock.now())
                self._clock.call_later(left, lambda message=original: self._abandon(message))  # type: ignore[misc]

    def _expired(self, made: InteractionRecord) -> bool:
        return self._clock.now() - made.created > TOKEN_SECONDS

    def _answer(
        self, made: InteractionRecord, kind: int, data: Json, uploads: dict[int, Upload]
    ) -> MessageRecord | None:
        if kind == CHOICES:
            form = Form()
            focused = options.focused(made.data["options"])
            made.choices = commands.check_choices(data.get("choices"), form, "data.choices", focused)
            form.check()
            return None
        if kind == SHOW_MODAL:
            form = Form()
            made.modal = modals.check(data, form)
            form.check()
            return None
        if kind in (DEFER_UPDATE, UPDATE):
            return self._update_source(made, kind, data, uploads)
        if kind == PONG:
            return None
        draft = Draft(flags=data.get("flags")) if kind == DEFER else self._draft(made, data, uploads, path="data")
        source = self._world.messages.get(made.source_id or 0)
        reply_to = source if source is not None and not source.deleted else None
        message = self._send(made, draft, loading=kind == DEFER, reply_to=reply_to)
        made.original_id = message.id
        if kind == DEFER:
            self._clock.call_later(TOKEN_SECONDS, lambda: self._abandon(message))
        return message

    def _update_source(
        self, made: InteractionRecord, kind: int, data: Json, uploads: dict[int, Upload]
    ) -> MessageRecord:
        source = self._world.messages.get(made.source_id or 0)
        if source is None or source.deleted:
            raise ApiError(UNKNOWN_MESSAGE)
        made.original_id = source.id
        if kind == UPDATE:
            self._messages.edit(source, self._draft(made, data, uploads, path="data", editing=source))
        return source

    def _draft(
        self, made: InteractionRecord, payload: Json, uploads: dict[int, Upload], *,
        path: str = "", editing: MessageRecord | None = None,
    ) -> Draft:  # fmt: skip
        channel = self._world.channel(made.channel_id)
        self._check_thread(channel, editing)
        if uploads and not self._world.app_bits(channel, made.person_id) & Permission.ATTACH_FILES:
            raise ApiError(MISSING_PERMISSIONS)
        return messages.check(
            payload, uploads, file_limit=self._world.file_limit(channel), editing=editing, path=path,
            emojis=self._world.emojis,
        )  # fmt: skip

    def _check_thread(self, channel: Channel, editing: MessageRecord | None) -> None:
        """A new message unarchives a thread; a locked one takes none, and edits need an active one."""
        if channel.thread is None:
            return
        bot_id = self._world.bot.id
        manages = bool(self._world.bits(bot_id, channel) & Permission.MANAGE_THREADS)
        closed = channel.thread.locked and not manages
        if channel.thread.archived and (closed or editing is not None):
            raise ApiError(SEND_TO_ARCHIVED)
        if closed:
            raise ApiError(THREAD_LOCKED)

    def _send(
        self, made: InteractionRecord, draft: Draft, *, loading: bool = False, reply_to: MessageRecord | None = None
    ) -> MessageRecord:
        ephemeral = made.hidden or bool((draft.flags or 0) & EPHEMERAL)
        kind = RESPONSE_TYPE[made.data.get("type", 1)] if made.kind == COMMAND else 0
        if made.kind == COMMAND and reply_to is not None:
            kind = REPLY
        sending = SendContext(
            self._world.bot.id, kind=kind, ephemeral_to=made.person_id if ephemeral else None,
            flags=(EPHEMERAL if ephemeral else 0) | (LOADING if loading else 0),
            interaction_id=made.id, extra=self._provenance(made), reply_to=reply_to,
        )  # fmt: skip
        return self._messages.send(self._world.channel(made.channel_id), draft, sending)

    def _provenance(self, made: InteractionRecord) -> Json:
        """The fields by which a message says which interaction it answers."""
        app = str(self._world.app_id)
        person = serialise.user(self._world.users[made.person_id])
        metadata: Json = {
            "id": str(made.id), "type": made.kind, "user": person,
            "authorizing_integration_owners": made.owners,
        }  # fmt: skip
        body: Json = {"webhook_id": app, "application_id": app, "interaction_metadata": metadata}
        if made.kind == COMMAND:
            metadata |= self._target(made)
            body["interaction"] = {"id": str(made.id), "type": made.kind, "name": made.name, "user": person}
        elif made.kind == COMPONENT:
            metadata["interacted_message_id"] = str(made.source_id)
        elif made.kind == MODAL and made.parent is not None:
            metadata["triggering_interaction_metadata"] = self._provenance(made.parent)["interaction_metadata"]
        if made.original_id is not None:
            metadata["original_response_message_id"] = str(made.original_id)
        return body

    def _target(self, made: InteractionRecord) -> Json:
        """The person or message that a context menu was opened on."""
        target = made.data.get("target_id")
        if target is None:
            return {}
        if made.data["type"] == commands.USER:
            return {"target_user": serialise.user(self._world.users[int(target)])}
        return {"target_message_id": target}

    def _time_out(self, made: InteractionRecord) -> None:
        if made.state == "pending":
            made.state = "failed"
            self._announce.interaction_changed(made)

    def _abandon(self, message: MessageRecord) -> None:
        if message.loading and not message.deleted:
            message.abandoned = True
            self._announce.message_abandoned(message)

    def _forget_oldest(self) -> None:
        oldest = self._world.interactions.pop(next(iter(self._world.interactions)))
        self._world.by_token.pop(oldest.token, None)
