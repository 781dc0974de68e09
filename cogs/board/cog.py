"""/board, its controls, names on boards, and the end of a season."""

from discord import app_commands
from discord.ext import commands

from bot.client import StudyBot
from bot.core.board import Asked, Metric, Scope
from bot.core.deliveries import Kind
from bot.core.periods import Span
from cogs.board import actions
from cogs.board.ids import FORMER, TEMPLATE, What, asked_of
from cogs.board.names import Names
from cogs.board.role import ChooseRole, ShowRole
from cogs.board.season import SeasonSender
from cogs.ui.names import tame
from cogs.ui.press import MARK, Interaction, Press, presses_of

SCOPES = [
    app_commands.Choice(name="this server", value=Scope.SERVER.value),
    app_commands.Choice(name="a study group", value=Scope.GROUP.value),
    app_commands.Choice(name="group against group", value=Scope.GROUPS.value),
]
PERIODS = [
    app_commands.Choice(name="this week", value=Span.WEEK.value),
    app_commands.Choice(name="this month, the season", value=Span.SEASON.value),
    app_commands.Choice(name="all time", value=Span.ALL.value),
]
METRICS = [app_commands.Choice(name=metric.value, value=metric.value) for metric in Metric]


class BoardCog(commands.Cog):
    """Who stands where."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.names = Names(bot)

    async def cog_load(self) -> None:
        self.bot.courier.register(Kind.SEASON, SeasonSender(self.bot))
        presses_of(self.bot).watch(self.names.seen)
        presses_of(self.bot).add(self, Controls, FormerControls, ShowRole, ChooseRole)

    async def cog_unload(self) -> None:
        self.names.close()

    @app_commands.command(
        name="board", description="Who stands where: this server, a study group, or group against group"
    )
    @app_commands.describe(
        scope="Whom to compare",
        period="Since when",
        metric="What to rank by",
        group="Which study group; yours if you leave it out",
    )
    @app_commands.choices(scope=SCOPES, period=PERIODS, metric=METRICS)
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def board(
        self,
        interaction: Interaction,
        scope: str | None = None,
        period: str = Span.SEASON.value,
        metric: str = Metric.POINTS.value,
        group: str | None = None,
    ) -> None:
        chosen = Scope(scope or (Scope.GROUP if group else Scope.SERVER))
        boards, guild_id = self.bot.services.board, interaction.guild_id or 0
        number = await boards.group_id(guild_id, group) if group and chosen is Scope.GROUP else 0
        await actions.show_board(interaction, Asked(chosen, Metric(metric), Span(period), number))

    @board.autocomplete("group")
    async def group_choices(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        found = await self.bot.services.groups.suggest(interaction.guild_id or 0, interaction.user.id, current)
        return [app_commands.Choice(name=tame(group.name) or "?", value=str(group.id)) for group in found]


class Controls(Press, template=TEMPLATE + MARK):
    """Every button and select of a board."""

    async def pressed(self, interaction: Interaction) -> None:
        await actions.use(interaction, What(self.ids["what"]), asked_of(self.ids), "".join(self.values))


class FormerControls(Press, template=FORMER + MARK):
    """The same on messages that earlier releases left."""

    async def pressed(self, interaction: Interaction) -> None:
        what = What(self.ids["what"])
        back = self.number("back") + {What.EARLIER: 1, What.LATER: -1}.get(what, 0)
        asked = await interaction.client.services.board.ago(interaction.guild_id or 0, asked_of(self.ids), back)
        await actions.use(interaction, what, asked, "".join(self.values))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(BoardCog(bot))
