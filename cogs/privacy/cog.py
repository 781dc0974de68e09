"""/privacy: export, delete, visibility."""

import io

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import StudyBot
from bot.core.privacy import Visibility
from cogs.privacy import render
from cogs.ui.layout import note
from cogs.ui.press import Interaction, Press, presses_of, show


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class PrivacyCog(commands.GroupCog, group_name="privacy", group_description="What is stored about you"):
    """A learner's own data."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        presses_of(self.bot).add(self, Choose, Erase, Another)

    @app_commands.command(name="export", description="Everything stored about you, as a file only you see")
    async def export(self, interaction: Interaction) -> None:
        data = await self.bot.services.privacy.export(interaction.user.id)
        file = discord.File(io.BytesIO(data), "coderounds-export.json")
        await interaction.response.send_message(view=render.exported(file.filename), file=file, ephemeral=True)

    @app_commands.command(name="delete", description="Delete everything stored about you")
    async def delete(self, interaction: Interaction) -> None:
        await interaction.response.send_message(view=render.confirm(interaction.user.id), ephemeral=True)

    @app_commands.command(name="visibility", description="Whether boards may show you to others")
    @app_commands.describe(choice="By your name, by a made-up one, or on no board and no picture at all")
    @app_commands.choices(choice=render.CHOICES)
    async def visibility(self, interaction: Interaction, choice: str | None = None) -> None:
        privacy = self.bot.services.privacy
        if choice is not None:
            await privacy.set_visibility(interaction.user.id, Visibility(choice))
        view = render.visibility(*await privacy.seen_as(interaction.user.id))
        await interaction.response.send_message(view=view, ephemeral=True)


class Choose(Press, template=r"visibility:(?P<choice>shown|pseudonym|hidden)"):
    async def pressed(self, interaction: Interaction) -> None:
        privacy = interaction.client.services.privacy
        await privacy.set_visibility(interaction.user.id, Visibility(self.ids["choice"]))
        await show(interaction, render.visibility(*await privacy.seen_as(interaction.user.id)))


class Another(Press, template=r"pseudonym:another"):
    async def pressed(self, interaction: Interaction) -> None:
        privacy = interaction.client.services.privacy
        await privacy.another_pseudonym(interaction.user.id)
        await show(interaction, render.visibility(*await privacy.seen_as(interaction.user.id)))


class Erase(Press, template=r"erase:(?P<what>yes|no):(?P<user>\d{1,20})"):
    async def pressed(self, interaction: Interaction) -> None:
        if self.ids["what"] == "no" or self.number("user") != interaction.user.id:
            await interaction.response.edit_message(view=note("Nothing was deleted."))
            return
        await interaction.client.services.privacy.erase(interaction.user.id)
        await interaction.response.edit_message(
            view=note("Done: nothing is stored about you any more. If you answer again, you start anew.")
        )


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(PrivacyCog(bot))
