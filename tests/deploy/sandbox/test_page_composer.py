"""Slash commands filled in on the page: every kind of option, by keyboard, and what is wrong in words."""

from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest
from discord import app_commands
from discord.app_commands import Choice, Range

from deploy.sandbox.client import SandboxClient
from tests.deploy.sandbox.browser import CHROMIUM, Page, visit
from tests.deploy.sandbox.parts import RED, Bot, Connect

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")]

FIELD = "document.activeElement.closest('[data-option]')?.dataset.option"
SHAPES = [Choice(name="Square", value="1:1"), Choice(name="Wide", value="16:9")]


class German(app_commands.Translator):
    """Knows one word."""

    async def translate(self, string: app_commands.locale_str, locale: discord.Locale, _: object) -> str | None:
        return "malen" if locale is discord.Locale.german and string.message == "paint" else None


class PaintBot(Bot):
    async def setup_hook(self) -> None:
        await self.tree.set_translator(German())
        await super().setup_hook()


def painting_bot() -> Bot:
    bot = PaintBot()

    @bot.tree.command(description="Paint for someone")
    @app_commands.choices(shape=SHAPES)
    async def paint(  # noqa: PLR0917 - one parameter an option is how discord.py declares them
        interaction: discord.Interaction,
        prompt: Range[str, 1, 40],
        whom: discord.Member,
        count: Range[int, 1, 4] = 1,
        strength: Range[float, 0, 1] = 0.5,
        shape: str = "1:1",
        secret: bool = False,
        place: discord.TextChannel | None = None,
        team: discord.Role | None = None,
        source: discord.Attachment | None = None,
    ) -> None:
        said = [prompt, whom.display_name, count, strength, shape, secret, place, team, source and source.filename]
        await interaction.response.send_message(" | ".join(str(each) for each in said))

    @bot.tree.command(description="Never answers")
    async def sulk(interaction: discord.Interaction) -> None:
        """Says nothing."""

    return bot


@pytest.fixture
async def page(connect: Connect, sandbox: SandboxClient, devtools: str) -> AsyncIterator[Page]:
    await connect(painting_bot())
    async with visit(devtools, sandbox.info.page) as shown:
        yield shown


async def add(page: Page, option: str, text: str) -> None:
    """Add an optional option, type, and go on to the next field, which takes what the list offers first."""
    await page.run(
        f"[...document.querySelectorAll('.add-option')].find((it) => it.textContent === '+ {option}').click()"
    )
    await page.until(f"{FIELD} === '{option}'")
    await page.type(text)
    await page.press("Tab")


async def test_every_kind_of_option(page: Page, tmp_path: Path) -> None:
    (tmp_path / "red.png").write_bytes(RED)
    await page.focus("#text")
    await page.type("/paint a red apple")
    await page.until(f"{FIELD} === 'prompt' && document.activeElement.value === 'a red apple'")
    await page.press("ArrowRight")  # at the end of the text: the next field
    await page.until(f"{FIELD} === 'whom' && document.querySelectorAll('.choice').length === 7")
    await page.type("ce")
    await page.until("document.querySelectorAll('.choice').length === 1")
    await page.enter()
    await page.until("document.querySelector('[data-option=whom] input').value === 'Cem'")
    await add(page, "count", "3")
    await add(page, "strength", "0.25")
    await add(page, "shape", "wi")
    await add(page, "secret", "tr")
    await add(page, "place", "gen")
    await add(page, "team", "mod")
    await page.run("[...document.querySelectorAll('.add-option')].find((it) => it.textContent === '+ source').click()")
    await page.upload("[data-option=source] input[type=file]", tmp_path / "red.png")
    await page.until("document.querySelector('[data-option=source] .chip')")
    await page.click(".send")
    await page.see("a red apple | Cem | 3 | 0.25 | 16:9 | True | general | Moderator | red.png")
    await page.until("document.activeElement.id === 'text'")


async def test_what_is_wrong_is_said_in_words_before_anything_is_sent(page: Page, sandbox: SandboxClient) -> None:
    await page.focus("#text")
    await page.type("/paint " + "x" * 50)
    await page.until(f"{FIELD} === 'prompt'")
    await page.enter()
    await page.until("document.querySelector('.trouble').textContent.includes('1 to 40 characters; it has 50')")
    await page.run("document.activeElement.select()")
    await page.type("a red apple")
    await page.enter()
    await page.until("document.querySelector('.trouble').textContent === 'whom: This field is required'")
    await page.until(f"{FIELD} === 'whom'")
    await page.type("nobody at all")
    await page.until("document.querySelector('.suggest-none')")
    await add(page, "count", "9")
    await page.until("document.querySelector('[data-option=count]').classList.contains('bad')")
    await page.click(".send")
    await page.until("document.querySelector('.trouble').textContent === 'whom: Choose one of the list'")
    await page.run("document.activeElement.select()")
    await page.type("cem")
    await page.press("Tab")
    await page.click(".send")
    await page.until("document.querySelector('.trouble').textContent === 'count: This must be 1 to 4'")
    assert await sandbox.interactions() == []


async def test_backspace_takes_options_away_and_leads_back_to_plain_text(page: Page) -> None:
    await page.focus("#text")
    await page.type("/paint ")
    await page.until(f"{FIELD} === 'prompt'")
    await add(page, "count", "")
    await page.until("document.querySelector('[data-option=count]')")
    await page.focus("[data-option=count] input")
    await page.press("Backspace")
    await page.until("!document.querySelector('[data-option=count]')")
    await page.press("ArrowLeft")
    await page.until(f"{FIELD} === 'prompt'")
    await page.press("Backspace")
    await page.until("document.activeElement.id === 'text' && document.activeElement.value === '/paint'")
    await page.until("document.querySelector('#picker [aria-selected=true]').textContent.includes('/paint')")


HOLDS = """(() => Object.fromEntries([...document.querySelectorAll('.slash [data-option]')].map(
    (each) => [each.dataset.option, each.querySelector('.entry')?.value ?? ''])))()"""


@pytest.mark.parametrize(
    ("pasted", "holds"),
    [
        ("prompt: a red apple --ar 1:1", {"prompt": "a red apple --ar 1:1", "whom": ""}),
        ("prompt:a red apple count:3 shape:wide", {"prompt": "a red apple", "whom": "", "count": "3", "shape": "Wide"}),
        ("count:2 prompt:one two", {"prompt": "one two", "whom": "", "count": "2"}),
        ("prompt:a sign, count: none count:4", {"prompt": "a sign, count: none", "whom": "", "count": "4"}),
        ("prompt:a red source:x", {"prompt": "a red source:x", "whom": ""}),
        ("a sign that says count:3", {"prompt": "a sign that says count:3", "whom": ""}),
        ("prompts: one", {"prompt": "prompts: one", "whom": ""}),
    ],
)
async def test_a_command_that_is_pasted_whole_fills_its_options(page: Page, pasted: str, holds: dict[str, str]) -> None:
    await page.focus("#text")
    await page.type(f"/paint {pasted}")
    await page.until("document.querySelector('.slash [data-option=prompt]')")
    assert await page.run(HOLDS) == holds


async def test_a_command_waits_for_the_page_to_know_it(page: Page, sandbox: SandboxClient) -> None:
    await page.run("import('/page/state/store.js').then((it) => it.change({ messages: null, commands: [] }))")
    await page.focus("#text")
    await page.type("/paint a red apple")
    await page.enter()
    await page.until("document.body.innerText.includes('so nothing was sent')")
    await page.until("document.querySelector('#text').value === '/paint a red apple'")
    await page.run("import('/page/state/places.js').then((it) => it.refresh())")
    await page.until(f"{FIELD} === 'prompt' && document.activeElement.value === 'a red apple'")
    assert await sandbox.interactions() == []
    assert not await page.run("document.querySelector('.message')")


async def test_a_command_that_nobody_answers_is_said_to_have_failed(page: Page, sandbox: SandboxClient) -> None:
    await page.focus("#text")
    await page.type("/sulk")
    await page.until("document.querySelectorAll('#picker li').length === 1")
    await page.enter()
    await page.until("document.activeElement.matches('.send')")
    await page.enter()
    await page.until("document.querySelector('.sending')?.innerText.includes('/sulk')")
    await sandbox.clock(jump=4)
    await page.until("document.querySelector('.notice')?.innerText.includes('/sulk: The application did not respond')")
    await page.click(".notice button")
    await page.until("!document.querySelector('.notice') && !document.querySelector('.sending')")


async def test_a_command_named_in_a_message_goes_into_the_composer(page: Page, sandbox: SandboxClient) -> None:
    await sandbox.say("gallery", "Cem", "try </paint:123456789012345678>")
    await page.click(".message button.mention")
    await page.until(f"{FIELD} === 'prompt'")


async def test_commands_have_their_name_in_the_language_of_the_person(page: Page, sandbox: SandboxClient) -> None:
    await page.click("#person")
    language = "document.querySelector('#people select')"
    await page.until(language)
    await page.run(f"{language}.value = 'de', {language}.dispatchEvent(new Event('change'))")
    await page.press("Escape")
    await page.focus("#text")
    await page.type("/mal")
    await page.until("document.querySelector('#picker li')?.innerText.startsWith('/malen')")
    await page.enter()
    await page.until(f"{FIELD} === 'prompt'")
    await page.type("ein roter Apfel")
    await page.press("Tab")
    await page.type("dua")
    await page.enter()
    await page.enter()
    await page.see("ein roter Apfel | Dua")
    assert (await sandbox.interactions())[-1].name == "paint"
