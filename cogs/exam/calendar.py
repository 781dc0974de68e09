"""/exam calendar: dates, reminders and study weeks as a file for a calendar of one's own."""

import io

import discord
from discord import ui

from bot.services.calendar import Export
from cogs.ui.layout import GREY, footer, gap, layout, plural
from cogs.ui.press import Interaction

FILENAME = "coderounds.ics"


def exported(found: Export) -> ui.LayoutView:
    held = [plural(found.exams, "exam date")]
    if found.weeks:
        held.append(plural(found.weeks, "study week"))
    if found.cancelled:
        held.append(f"{found.cancelled} called off")
    return layout(
        "### Your calendar file",
        f"{', '.join(held)}. Your reminders are alarms in it." if found.exams else _empty(found, held),
        ui.File(f"attachment://{FILENAME}"),
        gap(),
        "**Google**  on a computer: Settings › Import & export › Import. It leaves the alarms out; the bot reminds you all the same.\n"
        "**Apple**  open the file, and choose a calendar.\n"
        "**Outlook**  Add calendar › Upload from file.",
        "After a change, import a new file: it brings the same entries up to date. Some calendars keep what was called off; "
        "delete that by hand.",
        footer("Only you see this", "it holds what was stored when you asked"),
        accent=GREY,
    )


def _empty(found: Export, held: list[str]) -> str:
    if found.cancelled:
        return f"{', '.join(held)}. Import it to have that called off in your calendar too."
    return "You have no exam date to come: /exam set stores one. The file is empty so far."


async def calendar(interaction: Interaction) -> None:
    found = await interaction.client.services.calendars.export(interaction.user.id)
    file = discord.File(io.BytesIO(found.data), FILENAME)
    await interaction.response.send_message(view=exported(found), file=file, ephemeral=True)
