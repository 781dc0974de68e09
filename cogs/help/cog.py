"""/help and /about."""

from discord import app_commands
from discord.ext import commands

from bot.client import StudyBot
from cogs.help import render
from cogs.ui.press import Interaction


class HelpCog(commands.Cog):
    """Help by role and place; versions and notices."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot

    @app_commands.command(name="help", description="What this bot does, and which command does it")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def help(self, interaction: Interaction) -> None:
        view = render.help_page(
            in_guild=interaction.guild_id is not None, organiser=interaction.permissions.manage_guild
        )
        await interaction.response.send_message(view=view, ephemeral=True)

    @app_commands.command(name="about", description="Versions, sources and notices")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def about(self, interaction: Interaction) -> None:
        services = self.bot.services
        view = render.about(services.content, await services.codes.releases())
        await interaction.response.send_message(view=view, ephemeral=True)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(HelpCog(bot))
