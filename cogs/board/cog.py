"""/board, its controls, names on boards, and the end of a season."""

from discord import app_commands
from discord.ext import commands

from bot.client import StudyBot
from bot.core.board import Metric, Scope
from bot.core.deliveries import Kind
from bot.core.errors import BoardGroupUnknown
from bot.core.periods import Span
from cogs.board import actions
from cogs.board.ids import TEMPLATE, Asked, What, asked
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
        presses_of(self.bot).add(self, Controls, ShowRole, ChooseRole)

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
        number = await self._number(interaction, group) if group and chosen is Scope.GROUP else 0
        await actions.show_board(interaction, Asked(chosen, number, Metric(metric), Span(period)))

    @board.autocomplete("group")
    async def group_choices(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        groups = await self.bot.services.board.groups_of(interaction.guild_id or 0, interaction.user.id)
        wanted = current.strip().casefold()
        found = [group for group in groups if wanted in group.name.casefold()]
        return [app_commands.Choice(name=tame(group.name) or "?", value=str(group.id)) for group in found[:25]]

    async def _number(self, interaction: Interaction, group: str) -> int:
        """The group that was chosen from the suggestions, or whose name was typed. Raises BoardGroupUnknown."""
        wanted = " ".join(group.split()).casefold()
        for known in await self.bot.services.board.groups_of(interaction.guild_id or 0, interaction.user.id):
            if str(known.id) == wanted or " ".join(known.name.split()).casefold() == wanted:
                return known.id
        raise BoardGroupUnknown


class Controls(Press, template=TEMPLATE + MARK):
    """Every button and select of a board."""

    async def pressed(self, interaction: Interaction) -> None:
        what = What(self.ids["what"])
        board = asked(self.ids).after(what, self.values[0] if self.values else "")
        match what:
            case What.PICTURE:
                await actions.show_picture(interaction, board)
            case What.SHARE:
                await actions.share(interaction, board, picture=False)
            case What.SHARE_PICTURE:
                await actions.share(interaction, board, picture=True)
            case _:
                await actions.show_board(interaction, board)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(BoardCog(bot))
