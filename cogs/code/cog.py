"""/code: look a code up, put two beside each other, drill."""

from discord import app_commands
from discord.ext import commands

from bot.client import StudyBot
from bot.core.cards import CardKind
from bot.core.codes import System
from bot.core.drills import DrillKind
from bot.core.errors import CodeUnknown
from bot.services.codes import Matches
from cogs.code import drilling, ids, pair, render
from cogs.code.ids import ENTRY, VIEW, Where
from cogs.ui.cards import save_for_review
from cogs.ui.press import Interaction, Press, presses_of, show

Choices = list[app_commands.Choice[str]]


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class CodeCog(commands.GroupCog, group_name="code", group_description="ICD-10-CM, ICD-10-PCS and HCPCS codes"):
    """The code sets."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        presses_of(self.bot).add(self, Open, Pick, Pair, Save, *drilling.PRESSES)

    @app_commands.command(name="lookup", description="A code, or what you look for in words")
    @app_commands.describe(code="Code or words; choose from the list", on="Date of service, such as 2026-11-21")
    async def lookup(self, interaction: Interaction, code: str, on: str = "") -> None:
        codes = self.bot.services.codes
        day = codes.day(on)
        found = await codes.look_up(code, day)
        chosen = day if on else None
        if isinstance(found, Matches):
            view = render.matches(found.text, found.versions, day, chosen)
        else:
            where = Where(found.version.release.system, found.version.entry.key, on=chosen)
            view = render.sheet(found, where)
        await interaction.response.send_message(view=view, ephemeral=True)

    @app_commands.command(name="together", description="May two ICD-10-CM codes be reported together?")
    @app_commands.describe(first="An ICD-10-CM code", second="Another", on="Date of service, such as 2026-11-21")
    async def together(self, interaction: Interaction, first: str, second: str, on: str = "") -> None:
        codes = self.bot.services.codes
        day = codes.day(on)
        answer = await codes.together(first, second, day)
        await interaction.response.send_message(view=pair.together(answer, 0, day if on else None), ephemeral=True)

    @app_commands.command(name="drill", description="Endless questions made from the code set itself")
    @app_commands.describe(kind="What to practise; anything when left out", chapter="A chapter of ICD-10-CM, 1 to 22")
    @app_commands.choices(kind=[app_commands.Choice(name=name, value=kind) for kind, name in drilling.NAMES.items()])
    async def drill(
        self, interaction: Interaction, kind: str = "", chapter: app_commands.Range[int, 1, 22] | None = None
    ) -> None:
        await drilling.start(interaction, DrillKind(kind) if kind else None, chapter)

    @lookup.autocomplete("code")
    async def codes(self, interaction: Interaction, current: str) -> Choices:
        return await self._choices(current, ())

    @together.autocomplete("first")
    @together.autocomplete("second")
    async def diagnoses(self, interaction: Interaction, current: str) -> Choices:
        return await self._choices(current, (System.ICD10CM,))

    async def _choices(self, current: str, systems: tuple[System, ...]) -> Choices:
        codes = self.bot.services.codes
        today = codes.today()
        found = await codes.suggest(current, today, systems)
        return [
            app_commands.Choice(name=render.choice_name(version, today), value=render.choice_value(version))
            for version in found
        ]


async def open_entry(interaction: Interaction, where: Where | None) -> None:
    """Show an entry that a button or select names."""
    if where is None:
        raise CodeUnknown(text="that entry")
    codes = interaction.client.services.codes
    found = await codes.sheet(where.system, where.key, where.on or codes.today())
    await show(interaction, render.sheet(found, where))


class Open(Press, template="code:" + ENTRY + VIEW):
    async def pressed(self, interaction: Interaction) -> None:
        await open_entry(interaction, ids.from_groups(dict(self.ids)))


class Pick(Press, template=r"code-pick"):
    async def pressed(self, interaction: Interaction) -> None:
        await open_entry(interaction, ids.read("".join(self.values)))


class Pair(
    Press, template=r"pair:(?P<first>\w{3,7})\|(?P<second>\w{3,7})#(?P<page>\d{1,3})(?:~(?P<on>\d{4}-\d\d-\d\d))?"
):
    async def pressed(self, interaction: Interaction) -> None:
        codes = interaction.client.services.codes
        where = ids.from_groups({"system": System.ICD10CM, "key": self.ids["first"], "skip": None, **self.ids})
        if where is None:
            raise CodeUnknown(text="that pair")
        answer = await codes.together(where.key, self.ids["second"], where.on or codes.today())
        await show(interaction, pair.together(answer, where.page, where.on))


class Save(Press, template="code-save:" + ENTRY):
    async def pressed(self, interaction: Interaction) -> None:
        where = ids.read(f"{self.ids['system']}|{self.ids['key']}")
        if where is None:
            raise CodeUnknown(text="that entry")
        codes = interaction.client.services.codes
        await codes.sheet(where.system, where.key, codes.today())  # what is gone is not kept
        await save_for_review(interaction, CardKind.CODE, str(where))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(CodeCog(bot))
