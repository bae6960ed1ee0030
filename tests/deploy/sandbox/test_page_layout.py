"""What lies where on the page: nothing covers the messages by itself, and words stay whole."""

import json

import discord
import pytest

from deploy.sandbox.client import SandboxClient
from tests.deploy.sandbox.album import shoot
from tests.deploy.sandbox.browser import CHROMIUM, PHONE, visit
from tests.deploy.sandbox.parts import Bot, Connect

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")]

COVERED = """(() => {
    const of = (it) => document.querySelector(it)?.getBoundingClientRect();
    const list = of('#members'), log = of('#log');
    return Boolean(list) && list.width > 0 && list.left < log.right - 1 && list.right > log.left + 1;
})()"""
# Whether each of the buttons' lines ends where a word does.
BROKEN = """[...document.querySelectorAll('.components .button span')].flatMap((it) => {
    const text = it.firstChild, range = document.createRange(), found = [];
    for (let at = 1; at < text.length; at += 1) {
        range.setStart(text, at - 1); range.setEnd(text, at);
        const before = range.getBoundingClientRect();
        range.setStart(text, at); range.setEnd(text, at + 1);
        const broken = range.getBoundingClientRect().top > before.top + 2;
        if (broken && !' -'.includes(text.data[at - 1])) found.push(text.data);
    }
    return found;
})"""
OVERFLOW = "document.querySelector('#log').scrollWidth > document.querySelector('#log').clientWidth"
WIDTHS = (1300, 1101, 1100, 1099, 1000, 901, 900, 761)


async def test_the_member_list_covers_no_messages_unless_it_is_called(devtools: str, sandbox: SandboxClient) -> None:
    await sandbox.say("gallery", "Cem", "a line of some length that reaches over to the other side of the window " * 3)
    async with visit(devtools, sandbox.info.page, bot=False) as page:
        covered = []
        for width in WIDTHS:
            await page.resize((width, 800))
            await page.until(f"innerWidth === {width}")
            await page.until(f"Boolean(document.querySelector('#members')) === {json.dumps(width >= 1100)}")
            if await page.run(COVERED):
                covered.append(width)
        assert covered == []
        await page.resize((1000, 800))
        await page.click("#show-members")
        await page.until("document.querySelector('#members')")
        assert not await page.run(COVERED)  # there is room for both
        await shoot(page, "members")


async def test_buttons_break_between_words_alone(connect: Connect, devtools: str, sandbox: SandboxClient) -> None:
    bot = await connect(Bot())
    channel = bot.get_channel(int((await sandbox.get("/channel", channel="gallery"))["id"]))
    assert isinstance(channel, discord.TextChannel)
    view = discord.ui.LayoutView(timeout=None)
    box = discord.ui.Container["discord.ui.LayoutView"]()
    words = "A sentence about one of the settings of this server, long enough for several lines on a phone"
    for number, label in enumerate(("Change", "Voreinstellungen", "Change the limit", "Unlimited everything")):
        button: discord.ui.Button[discord.ui.LayoutView] = discord.ui.Button(label=label, custom_id=str(number))
        box.add_item(discord.ui.Section(words, accessory=button))
    row: discord.ui.ActionRow[discord.ui.LayoutView] = discord.ui.ActionRow()
    for number, label in enumerate(("Upscale", "Variations", "Rerun", "Remix the picture", "Cancel everything")):
        row.add_item(discord.ui.Button(label=label, custom_id=f"row {number}"))
    box.add_item(row)
    view.add_item(box)
    await channel.send(view=view)
    choice: discord.ui.Select[discord.ui.View] = discord.ui.Select(placeholder="Take one out of this list …")
    choice.add_option(label="the first")
    await channel.send("What you keep", view=discord.ui.View(timeout=None).add_item(choice))
    async with visit(devtools, sandbox.info.page) as page:
        await page.until("document.querySelectorAll('.components .button').length === 9")
        await page.until("document.querySelector('.components .select')")
        for size in ((1280, 860), PHONE, (320, 640)):
            await page.resize(size)
            await page.until(f"innerWidth === {size[0]}")
            assert await page.run(BROKEN) == [], size
            assert not await page.run(OVERFLOW), size
        await shoot(page, "sections")


async def test_a_forum_shows_its_posts_and_takes_new_ones(
    connect: Connect, devtools: str, sandbox: SandboxClient
) -> None:
    await connect(Bot())
    await sandbox.thread("Cem", "An older post", channel="showcase", content="look")
    archived = await sandbox.thread("Cem", "A closed post", channel="showcase", content="look")
    await sandbox.change_thread(archived, "Cem", archived=True)
    forum = (await sandbox.get("/channel", channel="showcase"))["id"]
    async with visit(devtools, sandbox.info.page) as page:
        await page.run(f"location.hash = '{forum}'")
        await page.until("document.querySelectorAll('#forum .post').length === 2")
        shown = await page.run("document.querySelector('#forum .posts').innerText")
        assert ("Cem · 0 replies" in shown, "archived" in shown) == (True, True)
        assert await page.run("document.querySelector('#text')") is None  # nothing is written in the forum itself
        assert await page.axe() == []
        await shoot(page, "forum")
        await page.focus("#post-title")
        await page.type("My apples")
        await page.focus("#post-text")
        await page.type("All of them are red")
        await page.click(".new-post .button")
        await page.see("All of them are red")
        await page.until("document.querySelector('#channel-name').textContent === 'My apples'")
        await page.focus("#text")
        await page.type("and green")
        await page.enter()
        await page.see("and green")
        await page.run(f"location.hash = '{forum}'")
        await page.until("document.querySelector('#forum .post')?.innerText.includes('My apples')")
        assert "1 reply" in await page.run("document.querySelector('#forum .post').innerText")


async def test_a_voice_channel_is_written_in_with_connect(
    connect: Connect, devtools: str, sandbox: SandboxClient
) -> None:
    await connect(Bot())
    lounge = (await sandbox.get("/channel", channel="lounge"))["id"]
    async with visit(devtools, sandbox.info.page) as page:
        await page.run(f"location.hash = '{lounge}'")
        await page.until("document.querySelector('#channel-name').textContent === '#lounge'")
        await page.focus("#text")
        await page.type("is anyone here?")
        await page.enter()
        await page.see("is anyone here?")
        await sandbox.overwrite("lounge", "Bea", deny=["CONNECT"])
        await page.until("document.querySelector('#composer .denied')?.textContent.includes('Connect')")
        await shoot(page, "voice")
