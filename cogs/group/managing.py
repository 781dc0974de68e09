"""The controls of /group manage and /group limits."""

from typing import Any

import discord

from bot.core.group_errors import RoleNotYours, RoleUnfit
from bot.core.groups import LIMIT_CHOICES, Creators, Joining
from bot.core.privacy import Visibility
from cogs.group import door, messages, panels
from cogs.group.joining import GROUP, finish, working
from cogs.ui.layout import plural
from cogs.ui.press import MARK, Interaction, Press, open_form, person_of, privately, require_manager, show


def check_role(interaction: discord.Interaction[Any], permissions: discord.Permissions, *, special: bool) -> None:
    """A group's role goes to whoever joins, so it may give no power over the server, and only those may name it who could
    hand it out themselves. Raises RoleNotYours, RoleUnfit."""
    if not interaction.permissions.manage_roles:
        raise RoleNotYours
    if special or permissions.value & discord.Permissions.elevated().value:
        raise RoleUnfit


async def show_manage(
    interaction: Interaction, group_id: int, missing: list[str] | None = None, said: str = ""
) -> None:
    """The panel as things are now. Raises GroupClosed, NotGroupOwner."""
    who, groups = person_of(interaction), interaction.client.services.groups
    page = await groups.panel(group_id, who)
    view = panels.manage(page, missing, roles=interaction.permissions.manage_roles, said=said)
    if interaction.response.is_done():
        await finish(interaction, view)
    else:
        await show(interaction, view)


async def show_limits(interaction: Interaction) -> None:
    require_manager(interaction)
    view = panels.limits(await interaction.client.services.groups.limits(interaction.guild_id or 0))
    await show(interaction, view)


class Manage(Press, template=rf"group:manage:{GROUP}"):
    async def pressed(self, interaction: Interaction) -> None:
        await show_manage(interaction, self.number("group"))


class Form(Press, template=rf"group:form:{GROUP}"):
    async def pressed(self, interaction: Interaction) -> None:
        group = await interaction.client.services.groups.owners.managed(self.number("group"), person_of(interaction))
        await open_form(interaction, panels.form(group))


class Edited(Press, template=rf"group:edit:{GROUP}"):
    """The answer to the form."""

    async def pressed(self, interaction: Interaction) -> None:
        typed = self.inputs
        await interaction.client.services.groups.owners.edit(
            self.number("group"),
            person_of(interaction),
            name=typed["name"],
            exam=typed.get("exam", ""),
            target=typed.get("target", ""),
            goal=typed.get("goal", ""),
        )
        await show_manage(interaction, self.number("group"))


class JoiningChosen(Press, template=rf"group:joining:{GROUP}"):
    async def pressed(self, interaction: Interaction) -> None:
        owners = interaction.client.services.groups.owners
        await owners.set_joining(self.number("group"), person_of(interaction), Joining(self.values[0]))
        await show_manage(interaction, self.number("group"))


class Thread(Press, template=rf"group:thread:{GROUP}"):
    async def pressed(self, interaction: Interaction) -> None:
        group = await interaction.client.services.groups.owners.managed(self.number("group"), person_of(interaction))
        await working(interaction)
        missing = (await door.open_thread(interaction.client, group))[1] if group.thread_id is None else []
        await show_manage(interaction, group.id, await door.noted(interaction.client, group, missing))


class HandOver(Press, template=rf"group:hand:{GROUP}"):
    async def pressed(self, interaction: Interaction) -> None:
        groups, who = interaction.client.services.groups, person_of(interaction)
        group = await groups.owners.hand_over(self.number("group"), who, int(self.values[0]))
        if who.organiser or group.owner_id == who.user_id:
            await show_manage(interaction, group.id)
        else:
            await show(interaction, panels.handed_over(group))


class Remove(Press, template=rf"group:remove:{GROUP}"):
    async def pressed(self, interaction: Interaction) -> None:
        user_id, who = int(self.values[0]), person_of(interaction)
        group = await interaction.client.services.groups.owners.remove(self.number("group"), who, user_id)
        await working(interaction)
        missing = await door.see_off(interaction.client, group, user_id)
        if group.is_open and (who.organiser or group.owner_id == who.user_id):
            await show_manage(interaction, group.id, missing)
        else:
            await finish(interaction, panels.removed(group, user_id, missing))


class Tidy(Press, template=rf"group:tidy:{GROUP}"):
    """Without the members intent Discord doesn't tell who left a server: it is asked about each member."""

    async def pressed(self, interaction: Interaction) -> None:
        groups, who = interaction.client.services.groups, person_of(interaction)
        group = await groups.owners.managed(self.number("group"), who)
        await working(interaction)
        gone = 0
        for member in await groups.members(group.id):
            if await door.has_left(interaction.client, group, member.user_id):
                await groups.owners.remove(group.id, who, member.user_id)
                gone += 1
        said = f"{plural(gone, 'member')} had left the server and {'is' if gone == 1 else 'are'} taken out."
        await show_manage(interaction, group.id, said=said if gone else "Nobody in it has left the server.")


class RoleChosen(Press, template=rf"group:role:{GROUP}"):
    async def pressed(self, interaction: Interaction) -> None:
        role_id = int(self.values[0]) if self.values else None
        role = self.data.get("resolved", {}).get("roles", {}).get(str(role_id), {})
        special = bool(role.get("managed")) or role_id == interaction.guild_id
        check_role(interaction, discord.Permissions(int(role.get("permissions", 0))), special=special)
        groups = interaction.client.services.groups
        before = await groups.owners.managed(self.number("group"), person_of(interaction))
        after = await groups.owners.set_role(before.id, person_of(interaction), role_id)
        await working(interaction)
        missing: list[str] = []
        for member in await groups.members(after.id):
            if before.role_id not in (None, role_id):
                missing += await door.take_role(interaction.client, before, member.user_id)
            if role_id is not None:
                missing += await door.give_role(interaction.client, after, member.user_id)
            if missing:
                break
        await show_manage(interaction, after.id, (await door.noted(interaction.client, after, missing))[:1])


class Decide(Press, template=r"group:decide:(?P<what>yes|no):(?P<request>\d{1,18})" + MARK):
    async def pressed(self, interaction: Interaction) -> None:
        accepted, services = self.ids["what"] == "yes", interaction.client.services
        group, request = await services.groups.owners.decide(
            self.number("request"), person_of(interaction), accept=accepted
        )
        in_panel = privately(interaction)
        # It is decided for everybody who sees the message, so the message itself says so.
        await interaction.response.defer()
        missing = await door.admit(interaction.client, group, request.user_id) if accepted else []
        if in_panel:
            await show_manage(interaction, group.id, missing)
        else:
            chosen = await services.privacy.visibility(request.user_id)
            named = interaction.guild_id is None or chosen is Visibility.SHOWN
            who = f"<@{request.user_id}>" if named else "Whoever asked"
            await finish(interaction, messages.decided(group, who, missing, accepted=accepted))


class Close(Press, template=rf"group:close:(?P<sure>yes:)?{GROUP}"):
    async def pressed(self, interaction: Interaction) -> None:
        owners, who = interaction.client.services.groups.owners, person_of(interaction)
        if not self.ids["sure"]:
            await show(interaction, panels.closing(await owners.managed(self.number("group"), who)))
            return
        group, members = await owners.close(self.number("group"), who)
        await working(interaction)
        await finish(interaction, panels.closed(group, await door.close_door(interaction.client, group, members)))


class LimitChosen(Press, template=rf"group:limit:(?P<name>{'|'.join(LIMIT_CHOICES)})"):
    async def pressed(self, interaction: Interaction) -> None:
        require_manager(interaction)
        groups = interaction.client.services.groups
        await groups.set_limit(interaction.guild_id or 0, self.ids["name"], int(self.values[0]))
        await show_limits(interaction)


class CreatorsChosen(Press, template=r"group:creators"):
    async def pressed(self, interaction: Interaction) -> None:
        require_manager(interaction)
        groups = interaction.client.services.groups
        await groups.set_creators(interaction.guild_id or 0, Creators(self.values[0]))
        await show_limits(interaction)


PRESSES = (
    Decide, Manage, Form, Tidy, Edited, JoiningChosen, Thread, HandOver, Remove, RoleChosen, Close, LimitChosen, CreatorsChosen,
)  # fmt: skip
