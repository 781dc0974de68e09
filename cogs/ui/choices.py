"""What fields suggest in several features: exams and time zones."""

from collections.abc import Iterable

from discord import app_commands

from bot.core.content import Exam
from bot.services.setup import zones_like
from cogs.ui.press import Interaction

Choices = list[app_commands.Choice[str]]

NAME_AT_MOST = 100
"""Characters that Discord allows the name of a choice."""


def exam_choices(found: Iterable[Exam]) -> Choices:
    """Exams by name, issuer and title; the choice is the id."""
    return [
        app_commands.Choice(name=f"{exam.name} ({exam.issuer}) {exam.title}".strip()[:NAME_AT_MOST], value=exam.id)
        for exam in found
    ]


async def exams(interaction: Interaction, current: str) -> Choices:
    """All exams that are known here and match what was typed."""
    return exam_choices(interaction.client.services.certs.suggest(current))


async def zones(_: Interaction, current: str) -> Choices:
    """Time zones whose name holds what was typed."""
    return [app_commands.Choice(name=zone, value=zone) for zone in zones_like(current)]
