"""What a person typed, as words alone: ids of Discord's and what cannot be seen mean nothing to a model."""

import asyncio
import contextlib
import re
import unicodedata
from collections.abc import Mapping

import aiohttp
import discord

NAME_PATIENCE = 0.7  # seconds to wait for names, well within the time that an answer has
_LOOKED_UP_MAX = 3  # people in one prompt who are asked for; a prompt is no list of members
_PERSON = re.compile(r"<@!?(\d{1,20})>")
_NAMED = re.compile(r"<(?P<kind>@[!&]?|#)(?P<id>\d{1,20})>")
_EMOJI = re.compile(r"<a?:(\w{1,32}):\d{1,20}>")
_COMMAND = re.compile(r"</([^:<>]{1,100}):\d{1,20}>")
# Letters of these scripts are written without joiners, which others, and emoji, cannot do without.
_PLAIN_SCRIPTS = {"LATIN", "GREEK", "CYRILLIC", "DIGIT"}
_JOINERS = "\u200c\u200d"
_TAGS = range(0xE0020, 0xE0080)  # spell flags out, after a black one
_BLACK_FLAG = "\U0001f3f4"


def words(text: str, names: Mapping[int, str]) -> str:
    """A text with names in place of mentions and emoji of servers, and without characters that cannot be seen.

    Args:
        text: as Discord hands it over.
        names: of people, roles and channels, by their ids; whoever is not among them is "someone".
    """

    def named(found: re.Match[str]) -> str:
        unknown = "somewhere" if found["kind"] == "#" else "someone"
        return names.get(int(found["id"]), unknown)

    text = _EMOJI.sub(lambda found: _apart(found, found[1].replace("_", " ")), text)
    return visible(_NAMED.sub(named, _COMMAND.sub(r"\1", text)))


def _apart(found: re.Match[str], name: str) -> str:
    """The name of an emoji, which needs no space around it, as a word of its own."""
    before, after = found.string[: found.start()], found.string[found.end() :]
    left = " " if before and not before[-1].isspace() else ""
    right = " " if after and (after[0].isalnum() or (after[0] == "<" and not _EMOJI.match(after))) else ""
    return f"{left}{name}{right}"


def visible(text: str) -> str:
    """A text without its format characters: one inside a word makes another word of it, for a model.

    What emoji and some scripts need to be joined stays.
    """
    kept: list[str] = []
    for each in text:
        if unicodedata.category(each) != "Cf" or _joins(each, kept[-1] if kept else " "):
            kept.append(each)
    return "".join(kept)


def _joins(each: str, before: str) -> bool:
    if ord(each) in _TAGS:
        return before == _BLACK_FLAG or ord(before) in _TAGS
    name = unicodedata.name(before, "SPACE").split(maxsplit=1)[0]
    return each in _JOINERS and not before.isspace() and name not in _PLAIN_SCRIPTS


async def names_in(text: str, interaction: discord.Interaction) -> dict[int, str]:
    """Names for what a text mentions, as the server has them. Of people, those are asked for who are not known yet."""
    guild, names = interaction.guild, {interaction.user.id: interaction.user.display_name}
    if guild is None:
        return names
    for found in _NAMED.finditer(text):
        place = guild.get_role(int(found["id"])) or guild.get_channel_or_thread(int(found["id"]))
        if place is not None and _may_read(place, interaction):
            names[place.id] = place.name
    people = {int(found[1]) for found in _PERSON.finditer(text)} - names.keys()
    known = {person: member for person in people if (member := guild.get_member(person))}
    strangers = sorted(people - known.keys())[:_LOOKED_UP_MAX]
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(NAME_PATIENCE):
            for person in strangers:
                # Of no member of this server; nor is a name worth a request, should Discord be away just then.
                with contextlib.suppress(discord.HTTPException, aiohttp.ClientError):
                    known[person] = await guild.fetch_member(person)
    return names | {person: member.display_name for person, member in known.items()}


def _may_read(
    place: discord.Role | discord.Thread | discord.abc.GuildChannel, interaction: discord.Interaction
) -> bool:
    """Whether a name is for whoever asks: of roles all are, of channels those that they see.

    Who is in a private thread is not told to the bot, but that somebody asks in one is.
    """
    if isinstance(place, discord.Role) or place.id == interaction.channel_id:
        return True
    hidden = place.type is discord.ChannelType.private_thread
    lost = isinstance(place, discord.Thread) and place.parent is None
    member = interaction.user
    return not (hidden or lost) and isinstance(member, discord.Member) and place.permissions_for(member).view_channel
