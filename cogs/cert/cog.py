"""/cert: what is known about exams and their issuers, and the buttons between its pages."""

from discord import app_commands
from discord.ext import commands

from bot.client import StudyBot
from cogs.cert import render
from cogs.ui.choices import exams
from cogs.ui.press import Interaction, Press, presses_of, show

EXAM = r"[a-z0-9-]{1,24}"
PAGE = r":(?P<page>\d{1,2})"


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class CertCog(commands.GroupCog, group_name="cert", group_description="Exams, their issuers, and the path to them"):
    """Certifications."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        presses_of(self.bot).add(self, Show, PathTo, CompareWith, Beside)

    @app_commands.command(name="show", description="One exam: questions, time, books, cost, rules, areas")
    @app_commands.describe(exam="Its letters, its name or its issuer")
    @app_commands.autocomplete(exam=exams)
    async def show(self, interaction: Interaction, exam: str) -> None:
        view = render.show(self.bot.services.certs.show(exam))
        await interaction.response.send_message(view=view, ephemeral=True)

    @app_commands.command(name="compare", description="Two or three exams beside each other, fact by fact")
    @app_commands.describe(first="One exam", second="Another", third="A third, if you like")
    @app_commands.autocomplete(first=exams, second=exams, third=exams)
    async def compare(self, interaction: Interaction, first: str, second: str, third: str | None = None) -> None:
        named = [exam for exam in (first, second, third) if exam]
        view = render.compare(self.bot.services.certs.compare(*named))
        await interaction.response.send_message(view=view, ephemeral=True)

    @app_commands.command(name="path", description="From preparing to renewing, and facts on work and pay")
    @app_commands.describe(exam="Its letters, its name or its issuer")
    @app_commands.autocomplete(exam=exams)
    async def path(self, interaction: Interaction, exam: str) -> None:
        view = render.path(self.bot.services.certs.path(exam))
        await interaction.response.send_message(view=view, ephemeral=True)


class Show(Press, template=rf"cert:show:(?P<exam>{EXAM}){PAGE}"):
    async def pressed(self, interaction: Interaction) -> None:
        sheet = interaction.client.services.certs.show(self.ids["exam"])
        await show(interaction, render.show(sheet, self.number("page")))


class PathTo(Press, template=rf"cert:path:(?P<exam>{EXAM}){PAGE}"):
    async def pressed(self, interaction: Interaction) -> None:
        way = interaction.client.services.certs.path(self.ids["exam"])
        await show(interaction, render.path(way, self.number("page")))


class CompareWith(Press, template=rf"cert:with:(?P<exam>{EXAM})"):
    async def pressed(self, interaction: Interaction) -> None:
        table = interaction.client.services.certs.compare(self.ids["exam"], *self.values)
        await show(interaction, render.compare(table))


class Beside(Press, template=rf"cert:beside:(?P<exams>{EXAM}(\+{EXAM}){{1,2}}){PAGE}"):
    async def pressed(self, interaction: Interaction) -> None:
        table = interaction.client.services.certs.compare(*self.ids["exams"].split("+"))
        await show(interaction, render.compare(table, self.number("page")))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(CertCog(bot))
