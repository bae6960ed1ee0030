"""What messages are made of, as the page draws it: galleries, Components V2, selects, marks in the text."""

import io
from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest

from deploy.sandbox.client import SandboxClient
from deploy.sandbox.http.cdn import plain_png
from tests.deploy.sandbox.browser import CHROMIUM, Page, visit
from tests.deploy.sandbox.parts import Bot, Connect

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")]

GALLERY = "document.querySelector('.gallery')"


class Answering(Bot):
    """Says what was picked or pressed."""

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.component and interaction.data is not None:
            data: Any = interaction.data
            picked = data.get("values") or [data["custom_id"]]
            await interaction.response.send_message("picked " + " and ".join(picked))


def png(number: int) -> discord.File:
    return discord.File(
        io.BytesIO(plain_png(0x3355AA + 0x101010 * number)), f"{number}.png", description=f"no. {number}"
    )


@pytest.fixture
async def bot(connect: Connect) -> Bot:
    return await connect(Answering())


@pytest.fixture
async def room(bot: Bot, sandbox: SandboxClient) -> discord.TextChannel:
    guild = (await sandbox.world())["guilds"][0]
    found = bot.get_channel(int(next(each["id"] for each in guild["channels"] if each["name"] == "gallery")))
    assert isinstance(found, discord.TextChannel)
    return found


@pytest.fixture
async def page(bot: Bot, sandbox: SandboxClient, devtools: str) -> AsyncIterator[Page]:
    async with visit(devtools, sandbox.info.page) as shown:
        yield shown


async def test_previews_take_each_others_place_without_a_blank(page: Page, room: discord.TextChannel) -> None:
    message = await room.send("drawing", file=png(0))
    await page.until(f"{GALLERY}?.querySelector('img').naturalWidth === 64")
    first = await page.run(f"({GALLERY}.querySelector('img').kept = true, {GALLERY}.querySelector('img').src)")
    look = f"new MutationObserver(() => {GALLERY}.querySelector('img').complete || blanks++)"
    await page.run(
        f"(window.blanks = 0, {look}.observe({GALLERY}, {{subtree: true, attributes: true, childList: true}}))"
    )
    await message.edit(attachments=[png(1)])
    await page.until(f"{GALLERY}.querySelector('img').src !== {first!r}")
    await message.edit(content="done", attachments=[png(each) for each in range(4)])
    await page.until(
        f"{GALLERY}.matches('.of-4') && [...{GALLERY}.querySelectorAll('img')].every((it) => it.naturalWidth)"
    )
    assert await page.run(f"{GALLERY}.querySelector('img').kept && !blanks")
    corners = (
        f"[...{GALLERY}.querySelectorAll('img')].map((it) => it.getBoundingClientRect()).map((it) => [it.x, it.y])"
    )
    xs, ys = zip(*await page.run(corners), strict=True)
    assert len(set(xs)) == len(set(ys)) == 2  # two by two


async def test_components_v2(page: Page, room: discord.TextChannel) -> None:
    view = discord.ui.LayoutView(timeout=None)
    box = discord.ui.Container["discord.ui.LayoutView"](accent_colour=0xE67E22)
    box.add_item(discord.ui.TextDisplay("### Of the week"))
    box.add_item(discord.ui.Separator())
    more: discord.ui.Button[discord.ui.LayoutView] = discord.ui.Button(label="More", custom_id="more")
    box.add_item(discord.ui.Section("By **Bea**", accessory=more))
    box.add_item(discord.ui.Section("A picture beside", accessory=discord.ui.Thumbnail("attachment://0.png")))
    gallery: discord.ui.MediaGallery[discord.ui.LayoutView] = discord.ui.MediaGallery()
    gallery.add_item(media="attachment://0.png", description="plain")
    gallery.add_item(media="attachment://1.png", description="hidden", spoiler=True)
    box.add_item(gallery)
    box.add_item(discord.ui.File("attachment://notes.txt"))
    view.add_item(box)
    await room.send(view=view, files=[png(0), png(1), discord.File(io.BytesIO(b"notes"), "notes.txt")])
    await page.until("document.querySelector('.container .md')?.innerText === 'Of the week'")
    assert (
        await page.run("getComputedStyle(document.querySelector('.container')).borderLeftColor") == "rgb(230, 126, 34)"
    )
    assert await page.run("document.querySelector('.container .file').download") == "notes.txt"
    assert await page.run("document.querySelectorAll('.container .picture').length") == 3
    await page.click(".picture.hidden")
    await page.until("!document.querySelector('.picture.hidden') && !document.querySelector('dialog.viewer')")
    await page.click(".section .button")
    await page.see("picked more")


async def test_selects_of_one_and_of_several(page: Page, room: discord.TextChannel, sandbox: SandboxClient) -> None:
    view = discord.ui.View(timeout=None)
    models = [discord.SelectOption(label="Starter", value="starter", emoji="✨", description="small and quick")]
    models.append(discord.SelectOption(label="Large", value="large", default=True))
    view.add_item(discord.ui.Select(custom_id="model", options=models))
    people: discord.ui.UserSelect[discord.ui.View] = discord.ui.UserSelect(
        custom_id="people", min_values=2, max_values=3
    )
    view.add_item(people)
    await room.send("choose", view=view)
    await page.until("document.querySelector('[data-select=model]')?.innerText.includes('Large')")
    await page.focus("[data-select=model]")
    await page.enter()
    await page.until("document.querySelectorAll('.select-list [role=option]').length === 2")
    await page.press("ArrowUp", "Enter")
    await page.see("picked starter")
    await page.until("document.activeElement.matches('[data-select=model]')")
    await page.press("Tab")
    await page.enter()
    await page.until("document.activeElement.matches('.select-list input')")
    for name in ("cem", "dua"):
        await page.run("document.activeElement.select()")
        await page.type(name)
        await page.until("document.querySelectorAll('.select-list [role=option]').length === 1")
        await page.enter()
    await page.until("document.querySelectorAll('[data-select=people] .chosen-one').length === 2")
    await page.press("Escape")
    ids = {each["username"]: each["id"] for each in (await sandbox.world())["people"]}
    await page.see(f"picked {ids['cem']} and {ids['dua']}")


async def test_marks_in_the_text(page: Page, sandbox: SandboxClient) -> None:
    ids = {each["username"]: each["id"] for each in (await sandbox.world())["people"]}
    text = f"> said <@{ids['cem']}>\n1. one\n-# small\n||secret|| <t:1700000000:R> `a<b` <#{1}>\n```py\nprint(1)\n```"
    await sandbox.say("gallery", "Dua", text)
    await page.until("document.querySelector('.content blockquote .mention')?.innerText === '@Cem'")
    assert "ago" in await page.run("document.querySelector('.content time').innerText")
    assert await page.run("document.querySelector('.content pre code').innerText") == "print(1)"
    assert await page.run("document.querySelector('.content .line code').innerText") == "a<b"
    await page.click("button.spoiler")
    await page.until("document.querySelector('.spoiler.open')?.innerText === 'secret'")


async def test_a_link_to_a_message_leads_to_its_channel(page: Page, sandbox: SandboxClient) -> None:
    elsewhere = (await sandbox.get("/channel", channel="Atelier/general"))["id"]
    await sandbox.say("gallery", "Dua", f"a\\/b https://discord.com/channels/1/{elsewhere}/2")
    await page.until("document.querySelector('.content .mention')")
    assert await page.run("document.querySelector('.content').innerText") == "a/b #general › message"
    await page.click(".content .mention")
    await page.until(f"location.hash === '#{elsewhere}'")


async def test_pictures_of_other_hosts_are_not_fetched(page: Page, room: discord.TextChannel) -> None:
    await room.send(embed=discord.Embed(title="Far").set_image(url="https://example.org/far.png"))
    await page.until("document.querySelector('.picture.outside')?.href === 'https://example.org/far.png'")
