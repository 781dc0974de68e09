"""/remind settings: when and where a learner is reminded."""

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.client import StudyBot
from bot.core.reminders import ReminderSettings, WhereTo, write_offsets
from cogs.exam import reminding
from cogs.exam.render import clock, offsets_text
from cogs.ui.choices import zones
from cogs.ui.layout import button, footer, layout, plain, row
from cogs.ui.press import MARK, Interaction, Press, open_form, show

WHERE = {WhereTo.DM: "Direct message", WhereTo.SERVER: "Your group's thread or the server's channel"}


def panel(settings: ReminderSettings) -> ui.LayoutView:
    days = offsets_text(settings.offsets) or "no reminders"
    quiet = f"{clock(settings.quiet.start)} to {clock(settings.quiet.end)}" if settings.quiet else "none"
    other = WhereTo.SERVER if settings.where_to is WhereTo.DM else WhereTo.DM
    where = {
        WhereTo.DM: "by direct message",
        WhereTo.SERVER: "to your study group's thread, or else the channel of the daily question\n-# In the server in which you "
        "set the date: it names you and nothing of what it is about. What you set elsewhere comes by direct message.",
    }[settings.where_to]
    return layout(
        "### Your reminders",
        f"**Before an exam**  {days}\n"
        "-# Days before come at 09:00, the morning at 07:00 or two hours before an earlier exam.\n"
        f"**Time zone**  {plain(settings.zone) if settings.zone else 'that of each exam'}\n"
        f"**Quiet hours**  {quiet}\n"
        f"**Sent**  {where}",
        row(
            button("Days, zone, quiet hours", "remind:form", discord.ButtonStyle.primary),
            button(
                "Send to the server" if other is WhereTo.SERVER else "Send by direct message",
                f"remind:where:{other}",
            ),
        ),
        row(button("My exam dates", "exam:list"), button("If nothing arrives", "remind:mend")),
        footer("Changes move the reminders to come", "only you see this"),
    )


def form(settings: ReminderSettings) -> ui.Modal:
    modal = ui.Modal(title="Your reminders", custom_id="remind:set")
    quiet = f"{clock(settings.quiet.start)} to {clock(settings.quiet.end)}" if settings.quiet else ""
    fields = (
        ("days", "Days before an exam", "0 is its morning; none for no reminders", write_offsets(settings.offsets) or "none", 60),
        ("zone", "Time zone", "Such as America/Chicago; empty for that of each exam", settings.zone, 40),
        ("quiet", "Quiet hours", "Such as 22:00 to 07:00; empty for none", quiet, 30),
    )  # fmt: skip
    for custom_id, text, description, default, longest in fields:
        modal.add_item(
            ui.Label(
                text=text,
                description=description,
                component=ui.TextInput(
                    custom_id=custom_id, default=default or None, max_length=longest, required=False
                ),
            )
        )
    return modal


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class RemindCog(commands.GroupCog, group_name="remind", group_description="When and where you are reminded"):
    """Settings of reminders."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot

    @app_commands.command(name="settings", description="When and where you are reminded: days, time zone, quiet hours")
    @app_commands.describe(
        days="Days before an exam, such as 30 14 7 3 1 0 (0 is its morning), or none",
        zone="Your time zone: start typing a city",
        quiet="Hours without messages, such as 22:00 to 07:00, or none",
        where="Where reminders go",
    )
    @app_commands.autocomplete(zone=zones)
    async def settings(
        self,
        interaction: Interaction,
        days: str | None = None,
        zone: str | None = None,
        quiet: str | None = None,
        where: WhereTo | None = None,
    ) -> None:
        service, user_id = self.bot.services.reminders, interaction.user.id
        await show(interaction, panel(await service.set(user_id, days=days, zone=zone, quiet=quiet, where_to=where)))


class Open(Press, template=rf"remind:open{MARK}"):
    async def pressed(self, interaction: Interaction) -> None:
        await show(interaction, panel(await interaction.client.services.reminders.settings(interaction.user.id)))


class Form(Press, template=r"remind:form"):
    async def pressed(self, interaction: Interaction) -> None:
        await open_form(interaction, form(await interaction.client.services.reminders.settings(interaction.user.id)))


class Set(Press, template=r"remind:set"):
    async def pressed(self, interaction: Interaction) -> None:
        typed = self.inputs
        saved = await interaction.client.services.reminders.set(
            interaction.user.id, days=typed.get("days"), zone=typed.get("zone"), quiet=typed.get("quiet")
        )
        await show(interaction, panel(saved))


class Where(Press, template=rf"remind:where:(?P<where>{'|'.join(WhereTo)})"):
    async def pressed(self, interaction: Interaction) -> None:
        service = interaction.client.services.reminders
        await show(interaction, panel(await service.set(interaction.user.id, where_to=WhereTo(self.ids["where"]))))


class Mend(Press, template=rf"remind:mend{MARK}"):
    async def pressed(self, interaction: Interaction) -> None:
        await show(interaction, reminding.mending())


PRESSES = (Open, Form, Set, Where, Mend)
