"""Save for review, wherever it stands: items, concepts and codes are kept the same way."""

from bot.core.cards import CardKind
from cogs.ui.layout import note
from cogs.ui.press import Interaction


async def save_for_review(interaction: Interaction, kind: CardKind, subject: str) -> None:
    """Keep it for the learner who pressed, and say so privately."""
    new, count = await interaction.client.services.study.save_card(interaction.user.id, kind, subject)
    kept = "Kept for review." if new else "You have kept this one already."
    await interaction.response.send_message(view=note(f"{kept} Cards kept: {count}."), ephemeral=True)
