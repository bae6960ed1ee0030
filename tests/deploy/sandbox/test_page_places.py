"""People, channels and the stream of events, as tabs of the page see them."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from deploy.sandbox.client import SandboxClient
from deploy.sandbox.server import Sandbox
from tests.deploy.sandbox.browser import CHROMIUM, PHONE, Page, visit

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")]

Tab = Callable[..., AbstractAsyncContextManager[Page]]
LOG = "document.querySelector('#log')"
AT_END = f"{LOG}.scrollTop > 200 && {LOG}.scrollHeight - {LOG}.scrollTop - {LOG}.clientHeight < 2"
BADGE = "document.querySelector('.channel:not(.current) .pings')"


@pytest.fixture
def tab(sandbox: SandboxClient, devtools: str) -> Tab:
    """Opens a tab as someone; no bot is needed."""
    return lambda who: visit(devtools, f"{sandbox.info.page}?as={who}", bot=False)


@pytest.fixture
async def page(tab: Tab) -> AsyncIterator[Page]:
    async with tab("Bea") as shown:
        yield shown


async def pick(page: Page, selector: str, words: str) -> None:
    """Press the one of these elements that has the words in it."""
    all_of, has = (
        f"[...document.querySelectorAll({json.dumps(selector)})]",
        f"it.textContent.includes({json.dumps(words)})",
    )
    find = f"{all_of}.find((it) => {has})"
    await page.until(find)
    await page.run(f"{find}.click()")


async def write(page: Page, text: str) -> None:
    await page.focus("#text")
    await page.type(text)
    await page.enter()


async def test_two_tabs_are_two_people(page: Page, tab: Tab) -> None:
    async with tab("Cem") as other:
        await write(other, "I am Cem")
        await page.see("I am Cem")
        assert "Bea" in await page.run("document.querySelector('#person').textContent")
        await write(page, "and I am @Cem's friend")
        await other.until("document.querySelector('.message.called .mention')?.textContent === '@Cem'")
        await other.become("Dua")
        await other.until("location.search.includes('as=Dua')")
        await other.ask("Page.reload")
        await other.until("document.querySelector('#person')?.textContent.includes('Dua')")


async def test_who_is_typing_is_said_until_they_have_sent_it(page: Page, tab: Tab) -> None:
    async with tab("Cem") as other:
        await other.focus("#text")
        await other.type("wait a")
        await page.until("document.querySelector('#typing').textContent === 'Cem is typing…'")
        await other.type(" moment")
        await other.enter()
        await page.see("wait a moment")
        await page.until("document.querySelector('#typing').textContent === ''")


async def test_nothing_is_lost_while_the_stream_is_away(page: Page, sandbox: SandboxClient, box: Sandbox) -> None:
    said = await sandbox.say("gallery", "Cem", "before")
    await page.see("before")
    await page.run("document.querySelector('.message').was_here = true")
    for queue in list(box.stream._queues):
        queue.put_nowait(None)  # the sandbox hangs up on everyone
    await page.until("document.querySelector('#banner').textContent.includes('Reconnecting')")
    await sandbox.say("gallery", "Cem", "meanwhile")
    await sandbox.delete(said, "Cem")
    await page.see("meanwhile")
    await page.until("document.querySelector('#banner').hidden")
    assert "before" not in await page.run("document.querySelector('#messages').innerText")


async def test_older_messages_come_while_scrolling_up(page: Page, sandbox: SandboxClient) -> None:
    for number in range(130):
        await sandbox.say("general", "Cem", f"line {number}")
    await pick(page, ".channel", "general")
    await page.see("line 129")
    await page.until(AT_END)
    assert "line 79" not in await page.run("document.querySelector('#messages').innerText")
    await page.run(f"(({LOG}.scrollTop = 150), (window.kept = document.querySelectorAll('.message')[9]), "
                   "(window.place = kept.getBoundingClientRect().top))")  # fmt: skip
    await page.until("document.querySelectorAll('.message').length === 100")
    assert await page.run("Math.abs(kept.getBoundingClientRect().top - place)") < 3
    await page.until(f"(({LOG}.scrollTop = 10), document.querySelector('.welcome'))")
    assert await page.run("document.querySelectorAll('.message').length") == 130
    await page.click("#newest")
    await page.until(AT_END)


async def test_who_reads_further_up_stays_there_and_learns_what_came(page: Page, sandbox: SandboxClient) -> None:
    for number in range(40):
        await sandbox.say("gallery", "Cem", f"line {number}")
    await page.see("line 39")
    await page.until(f"(({LOG}.scrollTop = 300), {LOG}.scrollTop === 300)")
    for number in range(2):
        await sandbox.say("gallery", "Cem", f"news {number}")
    await page.until("document.querySelector('#newest')?.textContent.includes('2 new messages')")
    assert await page.run("document.querySelector('#log').scrollTop") == 300


async def test_mentions_are_counted_and_what_is_new_is_marked(page: Page, sandbox: SandboxClient) -> None:
    bea = (await sandbox.world())["people"][2]["id"]
    await sandbox.say("general", "Cem", "seen before")
    await page.until("document.querySelector('.channel.unread')")
    await page.click(".channel.unread")
    await page.see("seen before")
    await pick(page, ".channel", "gallery")
    await page.until("document.querySelector('#channel-name').textContent === '#gallery'")
    await sandbox.say("general", "Cem", f"<@{bea}> look")
    await sandbox.say("general", "Cem", "and look again")
    await page.until(f"{BADGE}?.textContent === '1'")
    await page.until("document.title.startsWith('(1) ')")
    await page.click(".channel.unread")
    await page.see("and look again")
    await page.until("document.querySelector('.divider.new')?.nextElementSibling.innerText.includes('look')")
    await page.until(f"!{BADGE} && !document.title.startsWith('(')")


async def test_people_write_to_each_other_and_nobody_else_sees_it(page: Page, tab: Tab) -> None:
    async with tab("Cem") as other, tab("Dua") as third:
        await page.click("[title='Direct messages']")
        await pick(page, ".channel.direct", "Cem")
        await page.until("document.querySelector('#channel-name').textContent === '@Cem'")
        await write(page, "between us")
        await other.until("document.querySelector('#servers .pings')?.textContent === '1'")
        await other.click("[title='Direct messages']")
        await pick(other, ".channel.direct", "Bea")
        await other.see("between us")
        assert await third.run("document.querySelector('#servers .pings')") is None


async def test_a_phone_has_a_drawer_and_nothing_wider_than_the_screen(page: Page, sandbox: SandboxClient) -> None:
    await page.resize(PHONE)
    await sandbox.say("gallery", "Cem", "a word as long as this line " + "o" * 300)
    await page.see("a word as long")
    assert await page.run("document.documentElement.scrollWidth <= innerWidth")
    await page.until("getComputedStyle(document.querySelector('#side')).visibility === 'hidden'")
    await page.click("#menu")
    await page.until("getComputedStyle(document.querySelector('#side')).visibility === 'visible'")
    await page.press("Escape")
    await page.until("getComputedStyle(document.querySelector('#side')).visibility === 'hidden'")


async def test_light_and_dark_follow_the_system_until_somebody_chooses(page: Page) -> None:
    shade = "document.documentElement.dataset.theme"
    assert await page.run(shade) == "dark"
    await page.scheme("light")
    await page.until(f"{shade} === 'light'")
    await page.click("#theme")
    await page.until(f"{shade} === 'dark'")
    await page.ask("Page.reload")
    await page.until(f"document.querySelector('#theme') && {shade} === 'dark'")


async def test_an_own_message_is_changed_where_it_stands(page: Page) -> None:
    await write(page, "helo")
    await page.see("helo")
    await page.click(".message [aria-label='More']")
    await pick(page, "[role=menuitem]", "Edit")
    await page.until("document.activeElement.matches('.edit-box textarea')")
    await page.run("document.activeElement.select()")
    await page.type("hello")
    await page.enter()
    await page.until("!document.querySelector('.edit-box') && document.querySelector('.edited')")
    await page.see("hello")


async def test_arrow_up_changes_the_last_own_message_and_goes_back_to_writing(
    page: Page, sandbox: SandboxClient
) -> None:
    await write(page, "look @Cem, in #general")
    await page.until("document.querySelectorAll('.message .mention').length === 2")
    await sandbox.say("gallery", "Cem", "where?")
    await page.see("where?")
    await page.press("ArrowUp")
    await page.until("document.activeElement.matches('.edit-box textarea')")
    assert await page.run("document.activeElement.value") == "look @Cem, in #general"
    await page.type("!")
    await page.enter()
    await page.until("document.activeElement.id === 'text' && document.querySelector('.edited')")
    assert await page.run("document.querySelectorAll('.message .mention').length") == 2


async def test_emoji_alone_are_large_and_words_keep_their_direction(page: Page, sandbox: SandboxClient) -> None:
    await sandbox.say("gallery", "Cem", "\U0001f3a8 1\ufe0f\u20e3")
    await sandbox.say("gallery", "Cem", "12 \u05e9\u05dc\u05d5\u05dd")
    await page.until("document.querySelectorAll('.message').length === 2")
    assert await page.run("[...document.querySelectorAll('.content')].map((it) => it.matches('.jumbo'))") == [
        True,
        False,
    ]
    assert await page.run("getComputedStyle(document.querySelector('.content .line')).unicodeBidi") == "plaintext"


async def test_a_thread_stands_under_its_channel(page: Page) -> None:
    await write(page, "Shall we talk about **colour**?")
    await page.see("Shall we")
    await page.click(".message [aria-label='More']")
    await pick(page, "[role=menuitem]", "thread")
    await page.until("document.querySelector('#channel-name').textContent === 'Shall we talk about colour?'")
    await page.until(
        "document.querySelector('.message .content strong')?.textContent === 'colour'"
    )  # it begins with it
    assert await page.run("document.querySelector('.threads .current').innerText") == "Shall we talk about colour?"
    await write(page, "In here.")
    await page.see("In here.")
    await pick(page, ".channel", "gallery")
    await page.until("document.querySelector('.thread-card')?.textContent.includes('1 message')")
