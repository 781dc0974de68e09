"""/quiz live, the buttons of a live round, and the deliveries behind it."""

from functools import partial
from typing import Any

from discord import app_commands
from discord.ext import commands

from bot.client import StudyBot
from bot.core.deliveries import Kind
from bot.core.live import QUESTIONS, QUESTIONS_USUALLY, SECONDS, SECONDS_USUALLY
from bot.services.live_hosting import Control
from bot.services.live_starting import Wish
from cogs.live import hosting, posting, render, results
from cogs.ui.later import Later
from cogs.ui.press import MARK, Interaction, Press, person_of, presses_of, show
from cogs.ui.report import report, report_form

PLACE = r"(?P<live>\d{1,18}):(?P<position>\d{1,2})"


class LiveCog(commands.Cog):
    """Live rounds. The command joins the group /quiz, which another feature brings."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.counts = Later("count", posting.COUNT_EVERY, partial(posting.show_count, bot), pace=bot.pace_tally)

    async def cog_load(self) -> None:
        self.bot.courier.register(Kind.LIVE_QUESTION, posting.QuestionSender(self.bot))
        self.bot.courier.register(Kind.LIVE_CLOSE, posting.CloseSender(self.bot))
        self.bot.courier.register(Kind.LIVE_RESULT, posting.ResultSender(self.bot))
        presses_of(self.bot).add(self, Pick, Choose, Why, Own, Host, Report, Reason)
        quiz_group(self.bot).add_command(command())
        for live_id in await self.bot.services.live.outdated():
            self.counts.now(live_id)

    async def cog_unload(self) -> None:
        self.counts.close()
        # When all cogs are unloaded, the one that brought the group goes first.
        if self.bot.tree.get_command("quiz") is not None:
            quiz_group(self.bot).remove_command("live")


def quiz_group(bot: StudyBot) -> app_commands.Group:
    group = bot.tree.get_command("quiz")
    if not isinstance(group, app_commands.Group):
        raise TypeError("cogs.quiz is loaded before cogs.live")
    return group


def command() -> app_commands.Command[Any, ..., None]:
    """`/quiz live`, to be added to the group."""
    made: app_commands.Command[Any, ..., None] = app_commands.Command(
        name="live",
        description="A round for everybody in this channel: the same questions at the same time, answered privately",
        callback=live,
    )
    made.autocomplete("exam")(exam_choices)
    made.autocomplete("area")(area_choices)
    return made


@app_commands.describe(
    exam="Which exam; without it that of the study group or of the daily question",
    area="One area of the exam",
    questions="How many questions",
    seconds="Seconds for each question",
)
async def live(
    interaction: Interaction,
    exam: str = "",
    area: str = "",
    questions: app_commands.Range[int, QUESTIONS[0], QUESTIONS[1]] = QUESTIONS_USUALLY,
    seconds: app_commands.Range[int, SECONDS[0], SECONDS[1]] = SECONDS_USUALLY,
) -> None:
    place = (interaction.guild_id or 0, interaction.channel_id or 0)
    await hosting.start(interaction, Wish(*place, interaction.user.id, exam, area, questions, seconds))


async def exam_choices(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    wanted = current.strip().casefold()
    return [
        app_commands.Choice(name=f"{exam.name} ({count} questions)"[:100], value=exam.id)
        for exam, count in interaction.client.services.setup.exams()
        if wanted in exam.name.casefold()
    ][:25]


async def area_choices(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    starting = interaction.client.services.live.starting
    exam = str(getattr(interaction.namespace, "exam", "") or "")
    exam = exam or await starting.usual_exam(interaction.guild_id or 0, interaction.channel_id or 0)
    wanted = current.strip().casefold()
    return [
        app_commands.Choice(name=area.title[:100], value=area.id)
        for area in starting.areas(exam)
        if wanted in area.title.casefold()
    ][:25]


async def answer(press: Press, interaction: Interaction, chosen: str) -> None:
    noted = await interaction.client.services.live.answer(*press.pair("live", "position"), interaction.user.id, chosen)
    # Before the reply, which may fail while the answer stands.
    if noted.taken:
        press.cog.counts.touch(press.number("live"))
    await interaction.response.send_message(view=render.noted(noted), ephemeral=True)


class Pick(Press, template=rf"live:pick:{PLACE}:(?P<letter>[A-F])" + MARK):
    async def pressed(self, interaction: Interaction) -> None:
        await answer(self, interaction, self.ids["letter"])


class Choose(Press, template=rf"live:choose:{PLACE}" + MARK):
    async def pressed(self, interaction: Interaction) -> None:
        await answer(self, interaction, "".join(self.values))


class Why(Press, template=rf"live:why:{PLACE}"):
    async def pressed(self, interaction: Interaction) -> None:
        service = interaction.client.services.live
        asked, own = await service.explained(*self.pair("live", "position"), interaction.user.id)
        await show(interaction, render.explained(asked, own, service.concept(asked)))


class Own(Press, template=r"live:own:(?P<live>\d{1,18})" + MARK):
    async def pressed(self, interaction: Interaction) -> None:
        own = await interaction.client.services.live.own_result(self.number("live"), interaction.user.id)
        await show(interaction, results.own(own))


class Host(Press, template=r"live:host:(?P<what>pause|go|close|skip|end|look):(?P<live>\d{1,18})"):
    async def pressed(self, interaction: Interaction) -> None:
        what = Control(self.ids["what"])
        service = interaction.client.services.live.hosting
        panel = await service.control(self.number("live"), person_of(interaction), what)
        self.cog.counts.now(self.number("live"))
        await show(interaction, render.panel(panel))


class Report(Press, template=rf"live:report:{PLACE}"):
    async def pressed(self, interaction: Interaction) -> None:
        place = f"{self.ids['live']}:{self.ids['position']}"
        view = report_form(f"Report question {self.ids['position']} of the live round", f"live:reason:{place}")
        await interaction.response.send_message(view=view, ephemeral=True)


class Reason(Press, template=rf"live:reason:{PLACE}"):
    async def pressed(self, interaction: Interaction) -> None:
        asked = await interaction.client.services.live.question(*self.pair("live", "position"))
        await report(self, interaction, asked.round.guild_id, asked.asked.item.id)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(LiveCog(bot))
