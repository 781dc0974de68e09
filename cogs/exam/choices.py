"""What the fields of /exam suggest: the learner's own dates."""

from discord import app_commands

from bot.core.exam_dates import ExamState
from cogs.ui.choices import NAME_AT_MOST, Choices
from cogs.ui.press import Interaction


async def planned(interaction: Interaction, current: str) -> Choices:
    return await _own(interaction, current, ExamState.PLANNED)


async def taken(interaction: Interaction, current: str) -> Choices:
    """Those that may have been sat, and so be planned again."""
    return await _own(interaction, current, ExamState.PLANNED, ExamState.NOT_PASSED)


async def _own(interaction: Interaction, current: str, *states: ExamState) -> Choices:
    found = await interaction.client.services.exam_dates.suggest(interaction.user.id, current, *states)
    return [
        app_commands.Choice(
            name=f"{entry.name}, {entry.date.moment.day.isoformat()}"[:NAME_AT_MOST], value=str(entry.date.id)
        )
        for entry in found
    ]
