"""/demo skip: lets a visitor move the simulated clock."""

import asyncio
from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import StudyBot

STEPS = {"10 minutes": 600, "an hour": 3600, "12 hours": 43_200, "a day": 86_400, "a week": 7 * 86_400}
Step = Literal["10 minutes", "an hour", "12 hours", "a day", "a week"]


class DemoCog(commands.GroupCog, group_name="demo", group_description="Only in the demo: move the simulated clock"):
    """Controls of the demo. `skips` is where the demo's driver takes the seconds from."""

    def __init__(self, skips: "asyncio.Queue[int]", bot: StudyBot) -> None:
        self.skips = skips
        self.bot = bot

    @app_commands.command(name="skip", description="Move the clock: see the reveal, the next question, a streak grow")
    @app_commands.describe(step="How far")
    async def skip(self, interaction: discord.Interaction[StudyBot], step: Step) -> None:
        now = int(self.bot.services.clock())
        then = now + STEPS[step]
        text = (
            f"The clock moves on by {step}, to <t:{then}:F>. What falls due appears in the channel. So do reminders: "
            "this page shows no direct messages, so everybody here chose that in /remind settings."
        )
        await interaction.response.send_message(text, ephemeral=True)
        self.skips.put_nowait(STEPS[step])
