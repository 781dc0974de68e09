"""/exam plan and /exam calendar, the buttons of a plan, and the messages of its weeks."""

from typing import Any

from discord import app_commands
from discord.ext import commands

from bot.client import StudyBot
from bot.client.courier import mark
from bot.core.deliveries import Delivery, Kind
from bot.core.plan import HOURS_AT_LEAST, HOURS_AT_MOST
from cogs.exam import plan_render as render
from cogs.exam.calendar import calendar
from cogs.exam.choices import planned
from cogs.ui.direct import in_server, places_of, send_to_learner
from cogs.ui.press import MARK, Interaction, Press, presses_of, show

DATE = r"(?P<date>\d{1,18})"
COMMANDS = ("plan", "calendar")


class PlanCog(commands.Cog):
    """Study plans. Their commands join the group /exam."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        self.bot.courier.register(Kind.PLAN_WEEK, WeekSender(self.bot))
        presses_of(self.bot).add(self, Page, Anew, Nudges, Drop)
        group = exam_group(self.bot)
        group.add_command(plan_command())
        group.add_command(
            app_commands.Command(
                name="calendar",
                description="Your exam dates, reminders and study weeks as a file for your own calendar",
                callback=calendar,
            )
        )

    async def cog_unload(self) -> None:
        # When all cogs are unloaded, the one that brought the group goes first.
        if self.bot.tree.get_command("exam") is not None:
            for name in COMMANDS:
                exam_group(self.bot).remove_command(name)


def exam_group(bot: StudyBot) -> app_commands.Group:
    group = bot.tree.get_command("exam")
    if not isinstance(group, app_commands.Group):
        raise TypeError("/exam is loaded before what joins it")
    return group


def plan_command() -> app_commands.Command[Any, ..., None]:
    made: app_commands.Command[Any, ..., None] = app_commands.Command(
        name="plan",
        description="A week-by-week study plan to your exam, with mock runs and a review",
        callback=plan,
    )
    return made


@app_commands.describe(
    hours="Hours a week that you can study; leave it out to see the plan you have",
    exam="Which of your dates; the next one if you leave it out",
)
@app_commands.autocomplete(exam=planned)
async def plan(
    interaction: Interaction,
    hours: app_commands.Range[int, HOURS_AT_LEAST, HOURS_AT_MOST] | None = None,
    exam: str = "",
) -> None:
    await show(interaction, render.page(await interaction.client.services.plans.open(interaction.user.id, exam, hours)))


class Page(Press, template=rf"plan:page:{DATE}:(?P<page>\d{{1,3}}){MARK}"):
    async def pressed(self, interaction: Interaction) -> None:
        standing = await interaction.client.services.plans.show(interaction.user.id, self.number("date"))
        await show(interaction, render.page(standing, self.number("page")))


class Anew(Press, template=rf"plan:anew:{DATE}"):
    async def pressed(self, interaction: Interaction) -> None:
        standing = await interaction.client.services.plans.replan(interaction.user.id, self.number("date"))
        await show(interaction, render.page(standing))


class Nudges(Press, template=rf"plan:nudges:{DATE}:(?P<on>[01])"):
    async def pressed(self, interaction: Interaction) -> None:
        plans, on = interaction.client.services.plans, self.ids["on"] == "1"
        await show(interaction, render.page(await plans.set_nudges(interaction.user.id, self.number("date"), on=on)))


class Drop(Press, template=rf"plan:drop:{DATE}"):
    async def pressed(self, interaction: Interaction) -> None:
        await interaction.client.services.plans.drop(interaction.user.id, self.number("date"))
        await show(interaction, render.dropped())


class WeekSender:
    """Handler of the messages of weeks: a direct message, or a word in the server without what is private."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot

    async def send(self, delivery: Delivery) -> int | None:
        due = await self._bot.services.plan_weeks.prepare(delivery)
        kept = due.standing.kept
        see = mark(f"plan:page:{kept.date_id}:0", delivery.id)
        return await send_to_learner(
            self._bot, kept.user_id, due.guild_id, due.channel_id, delivery,
            public=lambda: in_server(kept.user_id, see),
            private=lambda: render.message(due, delivery.id),
        )  # fmt: skip

    async def places(self, delivery: Delivery) -> list[int]:
        due = await self._bot.services.plan_weeks.prepare(delivery)
        return await places_of(self._bot, due.guild_id, due.channel_id, due.standing.kept.user_id)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(PlanCog(bot))
