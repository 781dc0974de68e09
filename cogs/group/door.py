"""Opening and closing a group's door in Discord: its private thread and its role. The group works without either; what could
not be done is told in a sentence, and joining again does it again."""

import aiohttp
import discord

from bot.client import StudyBot
from bot.core.groups import Group

THREAD_RESTS = 10_080
"""Minutes without a message after which Discord puts a thread away; writing in it brings it back."""

CHANNEL_GONE, ROLE_GONE, MEMBER_GONE, USER_GONE, ARCHIVED = 10003, 10011, 10007, 10013, 50083
PRIVATE_THREAD = 12

_THREAD = (
    "The bot could not add anybody to the group's thread: it needs the permissions View Channel and Send Messages in Threads in "
    "<#{0}>. Ask an organiser for them; whoever presses Join again is added then."
)
_ROLE = (
    "The bot could not {0} the group's role: it needs the permission Manage Roles, and its own role must stand above that one "
    "(Server Settings, Roles). The group works without it."
)
_LATER = "Discord could not be reached for the group's {0}. Press Join again in a minute."

FAULTS = (discord.HTTPException, aiohttp.ClientError, OSError)
"""What a request to Discord may end in."""


async def admit(bot: StudyBot, group: Group, user_id: int) -> list[str]:
    """Let a member into the group's thread and give them its role; returns sentences on what could not be done."""
    return await noted(bot, group, [*await _to_thread(bot, group, user_id), *await give_role(bot, group, user_id)])


async def noted(bot: StudyBot, group: Group, missing: list[str]) -> list[str]:
    """Keep the first of what could not be done where the group's members see it, or that all was done; returns all of it."""
    if missing or group.fault:
        await bot.services.groups.owners.note_fault(group.id, missing[0] if missing else "")
    return missing


async def see_off(bot: StudyBot, group: Group, user_id: int) -> list[str]:
    """Take somebody who left out of the thread, and take the role; returns sentences on what could not be done."""
    missing: list[str] = []
    if group.thread_id is not None:
        await bot.pace()
        try:
            await bot.http.remove_user_from_thread(group.thread_id, user_id)
        except discord.Forbidden:
            missing.append(
                f"The bot could not take them out of <#{group.thread_id}>: somebody with the permission Manage Threads can."
            )
        except FAULTS as error:
            if _code(error) not in (CHANNEL_GONE, MEMBER_GONE, ARCHIVED):
                missing.append(_LATER.format("thread"))
    return [*missing, *await take_role(bot, group, user_id)]


async def take_role(bot: StudyBot, group: Group, user_id: int) -> list[str]:
    if group.role_id is None:
        return []
    await bot.pace()
    try:
        await bot.http.remove_role(group.guild_id, user_id, group.role_id, reason=f"Study group {group.name}")
    except discord.Forbidden:
        return [_ROLE.format("take away")]
    except FAULTS as error:
        if _code(error) not in (ROLE_GONE, MEMBER_GONE):
            return [_LATER.format("role")]
    return []


async def _to_thread(bot: StudyBot, group: Group, user_id: int) -> list[str]:
    if group.thread_id is None:
        return []
    await bot.pace()
    try:
        try:
            await bot.http.add_user_to_thread(group.thread_id, user_id)
        except discord.HTTPException as error:
            if error.code != ARCHIVED:
                raise
            await bot.http.edit_channel(group.thread_id, archived=False)
            await bot.http.add_user_to_thread(group.thread_id, user_id)
    except discord.Forbidden:
        return [_THREAD.format(group.channel_id)]
    except FAULTS as error:
        if _code(error) == CHANNEL_GONE:
            await bot.services.groups.owners.set_thread(group.id, None, group.thread_id)
            return ["The group's thread is gone. Its owner can make a new one in /group manage."]
        return [_LATER.format("thread")]
    return []


async def give_role(bot: StudyBot, group: Group, user_id: int) -> list[str]:
    if group.role_id is None:
        return []
    await bot.pace()
    try:
        await bot.http.add_role(group.guild_id, user_id, group.role_id, reason=f"Study group {group.name}")
    except discord.Forbidden:
        return [_ROLE.format("hand out")]
    except FAULTS as error:
        if _code(error) == ROLE_GONE:
            return ["The group's role is gone. Its owner can choose another in /group manage."]
        return [_LATER.format("role")]
    return []


async def open_thread(bot: StudyBot, group: Group) -> tuple[Group, list[str]]:
    """Make the group's private thread and let its members in; returns the group as it is then, and what is missing."""
    await bot.pace()
    try:
        made = await bot.http.start_thread_without_message(
            group.channel_id,
            name=group.name,
            auto_archive_duration=THREAD_RESTS,
            type=PRIVATE_THREAD,
            invitable=False,
        )
    except discord.Forbidden:
        return group, [
            f"The bot could not make a private thread in <#{group.channel_id}>: it needs the permissions Create Private Threads "
            "and Send Messages in Threads there. Ask an organiser for them, then press Make a private thread in /group manage."
        ]
    except FAULTS as error:
        code = _code(error)
        why = "this kind of channel has none" if code else "Discord could not be reached"
        return group, [f"There is no private thread: {why}. /group manage makes one when that has changed."]
    thread_id = int(made["id"])
    if not await bot.services.groups.owners.set_thread(group.id, thread_id):
        await rest(bot, thread_id)
    group = await bot.services.groups.get(group.id)
    missing: list[str] = []
    for member in await bot.services.groups.members(group.id):
        missing += await _to_thread(bot, group, member.user_id)
    return group, missing[:1]


async def has_left(bot: StudyBot, group: Group, user_id: int) -> bool:
    """Whether somebody is surely no longer in the group's server."""
    await bot.pace()
    try:
        await bot.http.get_member(group.guild_id, user_id)
    except discord.NotFound as error:
        return error.code in (MEMBER_GONE, USER_GONE)
    return False


async def close_door(bot: StudyBot, group: Group, members: list[int]) -> list[str]:
    """Put the thread of a closed group away and take its role from those who were in it."""
    missing: list[str] = []
    for user_id in members:
        missing += await take_role(bot, group, user_id)
    if group.thread_id is not None:
        await rest(bot, group.thread_id)
    return missing[:1]


async def rest(bot: StudyBot, thread_id: int) -> None:
    """Put a thread away; what is written in it stays."""
    await bot.pace()
    try:
        await bot.http.edit_channel(thread_id, archived=True)
    except FAULTS:
        return


def _code(error: BaseException) -> int:
    return error.code if isinstance(error, discord.HTTPException) else 0
