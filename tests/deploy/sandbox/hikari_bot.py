"""A bot of a library that no one here wrote: hikari reads every payload into strict models of its own."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import hikari
from hikari.impl import GatewayBot, HTTPSettings

from deploy.sandbox.client import SandboxClient

T = TypeVar("T", bound=hikari.Event)
INTENTS = hikari.Intents.GUILDS | hikari.Intents.ALL_MESSAGES | hikari.Intents.ALL_MESSAGE_REACTIONS
Handler = Callable[[Any], Awaitable[object]]


class Bot:
    """A hikari bot with one handler for each command, component and modal, by name or custom_id."""

    def __init__(self, sandbox: SandboxClient, token: str | None = None, **more: Any) -> None:
        self.sandbox = sandbox
        self.handlers: dict[str, Handler] = {}
        self.broken: list[BaseException] = []
        self.gateway = GatewayBot(
            token or sandbox.info.token, rest_url=sandbox.info.api, intents=INTENTS, banner=None, logs=None,
            suppress_optimization_warning=True, http_settings=HTTPSettings(), **more,
        )  # fmt: skip
        self.gateway.subscribe(hikari.InteractionCreateEvent, self._act)
        self.gateway.subscribe(hikari.ExceptionEvent, self._note)

    @property
    def rest(self) -> hikari.api.RESTClient:
        return self.gateway.rest

    @property
    def app(self) -> hikari.Snowflake:
        return hikari.Snowflake(self.sandbox.info.application_id)

    def on(self, name: str) -> Callable[[Handler], Handler]:
        def keep(handler: Handler) -> Handler:
            self.handlers[name] = handler
            return handler

        return keep

    async def sync(self, *commands: hikari.api.CommandBuilder) -> None:
        await self.rest.set_application_commands(self.app, commands)

    def soon(self, event: type[T], wanted: Callable[[T], bool] = lambda _: True) -> "asyncio.Task[T]":
        """The next such event, waited for from now on."""
        return asyncio.create_task(self.gateway.wait_for(event, timeout=20, predicate=wanted))

    async def _act(self, event: hikari.InteractionCreateEvent) -> None:
        made = event.interaction
        name = made.command_name if isinstance(made, hikari.CommandInteraction) else getattr(made, "custom_id", "")
        await self.handlers[name or "autocomplete"](made)

    async def _note(self, event: "hikari.ExceptionEvent[Any]") -> None:
        self.broken.append(event.exception)
        traceback.print_exception(event.exception)  # the test that waits in vain shows it


@asynccontextmanager
async def logged_in(sandbox: SandboxClient, **more: Any) -> AsyncIterator[Bot]:
    """Log in, and leave at the end; no handler may have raised, and no payload been too strange to read."""
    bot = Bot(sandbox, **more)
    async with asyncio.timeout(20):
        await bot.gateway.start(check_for_updates=False)  # returns once its shards are ready
    try:
        yield bot
    finally:
        await bot.gateway.close()
    assert bot.broken == []
