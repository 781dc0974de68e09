"""/daily, the buttons of a round, and the deliveries behind it."""

from functools import partial

from discord import app_commands
from discord.ext import commands

from bot.client import StudyBot
from bot.core.cards import CardKind
from bot.core.daily import RoundState
from bot.core.deliveries import Kind
from bot.services.daily import Post
from cogs.daily import page, posting, render
from cogs.ui.cards import save_for_review
from cogs.ui.concept import explain
from cogs.ui.later import Later
from cogs.ui.press import MARK, Interaction, Press, presses_of, privately, show
from cogs.ui.report import report, report_form


class DailyCog(commands.Cog):
    """The daily question."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.tally = Later("tally", posting.TALLY_EVERY, partial(posting.show_count, bot), pace=bot.pace_tally)
        self.reveals = Later("reveal", posting.AGAIN_IN, partial(posting.show_again, bot))

    async def cog_load(self) -> None:
        self.bot.courier.register(Kind.DAILY_POST, posting.PostSender(self.bot))
        self.bot.courier.register(Kind.REVEAL, posting.RevealSender(self.bot))
        presses_of(self.bot).add(
            self, Answer, Choose, Show, Past, Rationales, Explain, ReviewLater, Guessed, Report, Reason
        )
        for round_id in await self.bot.services.daily.untallied():
            self.tally.touch(round_id)

    async def cog_unload(self) -> None:
        self.tally.close()
        self.reveals.close()

    @app_commands.command(name="daily", description="Today's question if you missed it, your streak, and past rounds")
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def daily(self, interaction: Interaction) -> None:
        own = await self.bot.services.daily.standing(interaction.guild_id or 0, interaction.user.id)
        await interaction.response.send_message(view=page.standing(own), ephemeral=True)


async def answer(daily: DailyCog, interaction: Interaction, round_id: int, chosen: str) -> None:
    result = await interaction.client.services.daily.answer(round_id, interaction.user.id, chosen)
    # Before the reply, which may fail while the answer stands.
    if result.new and not result.answer.late:
        daily.tally.touch(round_id)
    if result.round.state is RoundState.REVEALED and not privately(interaction):
        # A revealed post has no such button: a count that a process sent before it was killed came later, and covered it.
        daily.reveals.touch(round_id)
    view = render.answered(result, with_stem=True) if privately(interaction) else render.answered_fast(result)
    await show(interaction, view)


class Answer(Press, template=r"answer:(?P<round>\d{1,18}):(?P<letter>[A-F])" + MARK):
    async def pressed(self, interaction: Interaction) -> None:
        await answer(self.cog, interaction, self.number("round"), self.ids["letter"])


class Choose(Press, template=r"choose:(?P<round>\d{1,18})" + MARK):
    async def pressed(self, interaction: Interaction) -> None:
        await answer(self.cog, interaction, self.number("round"), "".join(self.values))


class Show(Press, template=r"show:(?P<round>\d{1,18})"):
    async def pressed(self, interaction: Interaction) -> None:
        await show_round(interaction, self.number("round"))


class Past(Press, template=r"past"):
    async def pressed(self, interaction: Interaction) -> None:
        await show_round(interaction, int(self.values[0]))


async def show_round(interaction: Interaction, round_id: int) -> None:
    """A round to answer, or the learner's answer to it."""
    services = interaction.client.services
    round_, own = await services.daily.open_question(round_id, interaction.user.id)
    if own is not None:
        view = render.answered(await services.daily.own_answer(round_id, interaction.user.id), with_stem=True)
    else:
        post = Post(round_, None, None, None)
        view = render.question(post, services.study.areas(round_.item), practice=services.daily.closed(round_))
    await show(interaction, view)


class Rationales(Press, template=r"rationales:(?P<round>\d{1,18})"):
    async def pressed(self, interaction: Interaction) -> None:
        round_, own = await interaction.client.services.daily.open_question(self.number("round"), interaction.user.id)
        await show(interaction, render.all_rationales(round_, own.chosen if own else ""))


class Explain(Press, template=r"explain:(?P<round>\d{1,18})" + MARK):
    async def pressed(self, interaction: Interaction) -> None:
        round_ = await interaction.client.services.daily.round(self.number("round"))
        await explain(interaction, round_.item)


class ReviewLater(Press, template=r"review:(?P<round>\d{1,18})"):
    async def pressed(self, interaction: Interaction) -> None:
        round_ = await interaction.client.services.daily.round(self.number("round"))
        await save_for_review(interaction, CardKind.ITEM, round_.item.id)


class Guessed(Press, template=r"guess:(?P<round>\d{1,18})"):
    async def pressed(self, interaction: Interaction) -> None:
        daily = interaction.client.services.daily
        await daily.mark_guessed(self.number("round"), interaction.user.id)
        await show(interaction, render.answered(await daily.own_answer(self.number("round"), interaction.user.id)))


class Report(Press, template=r"report:(?P<round>\d{1,18})"):
    async def pressed(self, interaction: Interaction) -> None:
        round_ = await interaction.client.services.daily.round(self.number("round"))
        view = report_form(f"Report question {round_.number}", f"reason:{round_.id}")
        await interaction.response.send_message(view=view, ephemeral=True)


class Reason(Press, template=r"reason:(?P<round>\d{1,18})"):
    async def pressed(self, interaction: Interaction) -> None:
        round_ = await interaction.client.services.daily.round(self.number("round"))
        await report(self, interaction, round_.guild_id, round_.item.id)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(DailyCog(bot))
