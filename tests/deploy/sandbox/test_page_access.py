"""The page for everyone: nothing for axe-core to find, and all of it without a mouse."""

import json
from collections.abc import Awaitable, Callable

import pytest

from deploy.sandbox.client import SandboxClient
from tests.deploy.sandbox.browser import CHROMIUM, DESKTOP, PHONE, Page

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")]


async def a_channel(page: Page) -> None:
    await page.until("document.querySelectorAll('.gallery img').length === 4")


async def people(page: Page) -> None:
    if await page.run("innerWidth < 720"):
        await page.click("#menu")
    await page.click("#person")
    await page.until("document.querySelector('#people')")


async def a_command(page: Page) -> None:
    await page.focus("#text")
    await page.type("/dr")
    await page.until("document.querySelector('#picker li')")


async def a_commands_options(page: Page) -> None:
    await a_command(page)
    await page.enter()
    await page.until("document.querySelector('.slash')")


async def a_picture(page: Page) -> None:
    await page.click(".picture")
    await page.until("document.querySelector('dialog.viewer img')?.complete")


async def a_form(page: Page) -> None:
    await page.click("[title=Tell]")
    await page.until("document.querySelector('.modal-form')")
    await page.click(".modal-form .primary")  # with its complaints
    await page.until("document.querySelector('.modal-field .trouble')")


async def a_form_of_choices(page: Page) -> None:
    await page.click("[title=Tune]")
    await page.until("document.querySelector('.modal-form')")


async def reactions(page: Page) -> None:
    await page.click(".tools [aria-label='Add reaction']")
    await page.until("document.querySelector('[data-emoji]')")
    await page.type("heart")  # a few of them will do
    await page.until("document.querySelectorAll('[data-emoji]').length < 100")


async def a_menu(page: Page) -> None:
    await page.click(".tools [aria-label='More']")
    await page.until("document.querySelector('.context-menu')")


async def the_inspector(page: Page) -> None:
    await a_menu(page)
    entries = "[...document.querySelectorAll('.context-menu [role=menuitem]')]"
    await page.run(f"{entries}.find((it) => it.textContent === 'Inspect').click()")
    await page.until("document.querySelector('.trace')")
    await page.run("document.querySelectorAll('.step summary')[1].click()")
    await page.until("document.querySelector('.json-body')")


VIEWS: tuple[Callable[[Page], Awaitable[None]], ...] = (
    a_channel, people, a_command, a_commands_options, a_picture, a_form,
    a_form_of_choices, reactions, a_menu, the_inspector,
)  # fmt: skip
OPEN = "document.querySelector('dialog[open], .popover, #people, #picker, .slash, .drawer-open')"


async def shut(page: Page) -> None:
    """Leave what a view opened, by Escape as people do."""
    for _ in range(4):
        if await page.run("Boolean(document.querySelector('.drawer-open:not(:has(#people))'))"):
            await page.click("#shade")
            await page.until("!document.querySelector('.drawer-open')")
        if not await page.run(f"Boolean({OPEN})"):
            break
        await page.press("Escape")
        await page.run("new Promise((done) => setTimeout(done, 0))")
    else:
        raise AssertionError(f"still open: {await page.run(f'{OPEN}.outerHTML')}")
    await page.focus("#text")
    await page.press("End", *["Backspace"] * 4)


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
async def test_axe_finds_nothing(shown: Page, sandbox: SandboxClient, size: tuple[int, int]) -> None:
    """In all views, dark and light."""
    message = (await sandbox.slash("gallery", "Bea", "draw", {"prompt": "balls"})).message_id
    assert message is not None
    await sandbox.react(message, "🔁", "Cem")
    await sandbox.say("gallery", "Bea", "Look: **bold**, `code`, <@1> and ||hidden||", reply_to=message)
    await sandbox.say("gallery", "Bea", "### A small heading\nsome words, https://example.com/there and more words")
    await a_channel(shown)
    await shown.click("[title=Again]")
    await shown.see("Only you can see this")
    await shown.resize(size)
    found = {}
    for view in VIEWS:
        await shown.scheme("dark")
        await view(shown)
        found[f"{view.__name__}, dark"] = await shown.axe()
        await shown.scheme("light")
        found[f"{view.__name__}, light"] = await shown.axe("color-contrast")
        await shut(shown)
    found = {where: troubles for where, troubles in found.items() if troubles}
    assert found == {}, json.dumps(found, indent=1)


async def test_from_a_command_to_its_picture_without_a_mouse(shown: Page, sandbox: SandboxClient) -> None:
    await shown.tab_to("#text")
    await shown.type("/dr")
    await shown.until("document.querySelector('#picker li')")
    await shown.press("Tab")
    await shown.until("document.activeElement.closest('[data-option=prompt]')")
    await shown.type("balls")
    await shown.enter()
    await shown.until("document.querySelectorAll('.gallery img').length === 4 && document.activeElement.id === 'text'")
    await shown.tab_to("[title=Tell]", back=True)
    await shown.press(" ")
    await shown.until("document.activeElement.id === 'modal-prompt'")
    await shown.type("a red apple")
    await shown.tab_to("#modal-style")
    await shown.press("ArrowDown")
    await shown.tab_to(".choose-list input")
    await shown.press(" ")
    await shown.tab_to(".modal-form .primary")
    await shown.enter()
    await shown.see("a red apple · oil · Easel · no files")
    await shown.until("document.activeElement.matches('[title=Tell]')")
    await shown.tab_to(".picture", back=True)
    await shown.enter()
    await shown.until("document.querySelector('dialog.viewer .alt')?.textContent === 'A gold ball in the dark'")
    await shown.press("ArrowLeft", "Escape")
    await shown.until("!document.querySelector('dialog.viewer') && document.activeElement.matches('.picture')")
    await shown.press("ContextMenu")
    await shown.until("document.activeElement.textContent === 'Add reaction'")
    await shown.enter()
    await shown.until("document.activeElement.matches('.emoji-search') && document.querySelector('[data-emoji]')")
    await shown.press("ArrowDown")
    await shown.enter()
    await shown.until("document.querySelector('.reaction.mine')")
