"""What opens over the page: pictures, menus, reactions, the story of a message."""

import pytest

from deploy.sandbox.client import Message, SandboxClient
from tests.deploy.sandbox.album import shoot
from tests.deploy.sandbox.browser import CHROMIUM, PHONE, Page
from tests.deploy.sandbox.page_waits import choose, copied, pictures

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")]


async def drawn(sandbox: SandboxClient, page: Page) -> Message:
    """Four pictures with controls, on screen."""
    await sandbox.slash("gallery", "Bea", "draw", {"prompt": "balls"})
    message = await sandbox.wait_message("gallery", lambda each: len(each.attachments) == 4)
    await pictures(page, message, 4)
    return message


async def test_pictures_are_viewed_one_after_the_other(shown: Page, sandbox: SandboxClient) -> None:
    await drawn(sandbox, shown)
    await shown.run("document.querySelectorAll('.picture')[2].focus()")
    await shown.enter()
    await shown.until("document.querySelector('dialog.viewer .alt')?.textContent === 'A blue ball in the dark'")
    assert await shown.run("document.querySelector('.viewer-count').textContent") == "3 of 4"
    await shoot(shown, "pictures")
    await shown.press("ArrowRight", "ArrowRight")
    await shown.until("document.querySelector('.viewer-count').textContent === '1 of 4'")
    await shown.until("document.querySelector('.viewer-stage img').naturalWidth === 256")
    assert await shown.run("document.querySelector('.viewer-save').download") == "red.png"
    fitted = await shown.run("document.querySelector('.viewer-stage img').offsetWidth")
    await shown.press("+", "+")
    await shown.until(f"document.querySelector('.viewer-stage img').offsetWidth > 2 * {fitted}")
    await shown.press("0")
    await shown.until(f"document.querySelector('.viewer-stage img').offsetWidth === {fitted}")
    for _ in range(9):  # round and round, never out
        await shown.press("Tab")
        assert await shown.run("document.activeElement.matches('dialog.viewer *, body')")
    await shown.press("Escape")
    await shown.until("!document.querySelector('dialog.viewer')")
    assert await shown.run("document.activeElement === document.querySelectorAll('.picture')[2]")


async def test_a_messages_menu_runs_the_bots_commands(shown: Page, sandbox: SandboxClient) -> None:
    message = await drawn(sandbox, shown)
    await shown.point(f"#m{message.id} .content", "right")
    await shown.until("document.activeElement.textContent === 'Add reaction'")
    await shown.press("a")  # first letters lead to what begins with them
    await shown.until("document.activeElement.textContent === 'Apps'")
    await shown.press("ArrowRight")
    await shown.until("document.activeElement.textContent === 'Describe'")
    await shown.press("ArrowLeft")
    await shown.until("document.activeElement.textContent === 'Apps'")
    await shown.press("ArrowRight")
    await shown.until("document.activeElement.textContent === 'Describe'")
    await shoot(shown, "menu")
    await shown.enter()
    await shown.see("4 pictures")
    assert not await shown.run("document.querySelector('.context-menu')")


async def test_what_a_menu_offers_depends_on_whose_message_it_is(shown: Page, sandbox: SandboxClient) -> None:
    said = await sandbox.say("gallery", "Cem", "mine")
    await shown.point(f"#m{said.id} .content", "right")
    labels = "[...document.querySelectorAll('.context-menu [role=menuitem]')].map((it) => it.textContent)"
    await shown.until(f"{labels}.length")
    assert "Delete message" not in await shown.run(labels)
    await shown.press("Escape")
    await shown.until("!document.querySelector('.context-menu')")
    await shown.become("Cem")
    await shown.point(f"#m{said.id} .content", "right")
    await choose(shown, "Delete message")
    await shown.until(f"!document.querySelector('#m{said.id}')")


async def test_a_messages_link_is_copied_in_discords_form(shown: Page, sandbox: SandboxClient) -> None:
    said = await sandbox.say("gallery", "Cem", "here")
    await shown.point(f"#m{said.id} .content", "right")
    await choose(shown, "Copy message link")
    server = (await sandbox.world())["guilds"][0]["id"]
    assert await copied(shown) == f"https://discord.com/channels/{server}/{said.channel_id}/{said.id}"


async def test_what_one_person_alone_sees_has_no_link(shown: Page, sandbox: SandboxClient) -> None:
    message = await drawn(sandbox, shown)
    await shown.click(f"#m{message.id} button[aria-label=Again]")
    await shown.point(".message.ephemeral .content", "right")
    labels = "[...document.querySelectorAll('.context-menu [role=menuitem]')].map((it) => it.textContent)"
    await shown.until(f"{labels}.includes('Dismiss message')")
    assert "Copy message link" not in await shown.run(labels)


async def test_a_persons_menu_comes_from_avatar_and_name(shown: Page, sandbox: SandboxClient) -> None:
    said = await sandbox.say("gallery", "Cem", "here I am")
    await shown.point(f"#m{said.id} > .avatar", "right")
    await choose(shown, "Apps")
    await choose(shown, "Greet")
    await shown.see("hello Cem")
    await shown.focus(f"#m{said.id} button.author")
    await shown.enter()
    await choose(shown, "Copy user ID")
    await shown.until("!document.querySelector('.context-menu')")
    assert await shown.run("document.activeElement.matches('button.author')")


async def test_a_long_press_opens_the_menu_on_a_phone(shown: Page, sandbox: SandboxClient) -> None:
    await shown.resize(PHONE)
    said = await sandbox.say("gallery", "Cem", "press me")
    await shown.hold(f"#m{said.id} .content")
    await shown.until("document.querySelector('.context-menu')")
    await shown.lift()
    width = await shown.run("document.querySelector('.context-menu').offsetWidth")
    assert width == PHONE[0]  # a sheet from below
    await choose(shown, "Reply")
    await shown.until("document.querySelector('.reply-note')?.textContent.includes('Cem')")


async def test_reactions_are_searched_and_remembered(shown: Page, sandbox: SandboxClient) -> None:
    said = await sandbox.say("gallery", "Cem", "react to this")
    await shown.focus(f"#m{said.id} [aria-label='Add reaction']")
    await shown.enter()
    await shown.until("document.activeElement.matches('.emoji-search') && document.querySelector('[data-emoji]')")
    await shown.type("octopus")
    await shown.until("document.querySelectorAll('[data-emoji]').length === 1")
    await shown.enter()
    await shown.until("document.querySelector('.reaction.mine')?.textContent.includes('🐙')")
    assert await shown.run("document.activeElement.getAttribute('aria-label')") == "Add reaction"
    await shown.enter()
    await shown.until("document.querySelector('[data-emoji]')?.dataset.emoji === '🐙'")
    await shown.type("no such thing")
    await shown.until("document.querySelector('.emoji-none')?.textContent.includes('no such thing')")
    await shown.run("document.querySelector('.emoji-search').select()")
    await shown.press("Backspace")
    await shown.until("document.querySelectorAll('[data-emoji]').length > 1000")
    await shown.press("ArrowDown", "ArrowRight", "ArrowDown")
    columns = await shown.run(
        "(([one, other]) => one.getBoundingClientRect().left - other.getBoundingClientRect().left)"
        "([document.activeElement, document.querySelectorAll('[data-emoji]')[1]])"
    )
    assert abs(columns) < 2
    chosen = await shown.run("document.activeElement.dataset.emoji")
    await shown.enter()
    await shown.until(f"document.querySelector('.reactions').textContent.includes('{chosen}')")
    assert set((await sandbox.message(said)).reactions) == {"🐙", chosen}


async def test_the_inspector_tells_the_story_of_a_message(shown: Page, sandbox: SandboxClient) -> None:
    message = await drawn(sandbox, shown)
    await shown.point(f"#m{message.id} .content", "right")
    await choose(shown, "Inspect")
    steps = "[...document.querySelectorAll('.step-what b')].map((it) => it.textContent)"
    await shown.until("document.querySelector('.trace')")
    assert await shown.run(steps) == [
        "Bea used /draw", "Said that it is thinking", "The message is there",
        "Edited the message", "The message changed",
    ]  # fmt: skip
    await sandbox.react(message, "🔁", "Cem")
    await shown.until(f"{steps}.at(-1) === 'Cem reacted with 🔁'")
    await shown.run("document.querySelectorAll('.step summary')[3].click()")
    await shown.until("document.querySelector('.step .json-body')?.textContent.includes('balls')")
    assert "red.png" in await shown.run("document.querySelector('.step-inner').textContent")
    await shoot(shown, "inspector")
    assert sandbox.info.token not in await shown.run("document.querySelector('.inspector').textContent")
    await shown.focus("[role=tab][aria-selected=true]")
    await shown.press("ArrowRight")
    await shown.until(f"document.querySelector('.inspector-body .json')?.textContent.includes('{message.id}')")
    await shown.press("ArrowRight")
    await shown.until("document.querySelectorAll('.states li').length === 2")
    await shown.press("Escape")
    await shown.until("!document.querySelector('.inspector')")
