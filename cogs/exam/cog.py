"""/exam: dates of exams and the reminders of them; what is typed is shown back before it is stored."""

from discord import app_commands
from discord.ext import commands

from bot.client import StudyBot
from bot.core.deliveries import Kind
from bot.core.exam_dates import ExamState
from bot.core.reminders import Snooze
from bot.services.setup import zones_like
from cogs.exam import reminding, render, settings
from cogs.exam.ids import DRAFT, OCCURRENCE, delivery_of, read_draft, read_occurrence
from cogs.exam.sending import ReminderSender, UnreachedSender
from cogs.ui.press import MARK, Interaction, Press, presses_of, show

Choices = list[app_commands.Choice[str]]

DAY = "Such as 2027-03-14, 14 March, 3/14/2027 or in 6 weeks"
AT = "Local time, such as 8:00 or 1:30 pm"
ZONE = "Time zone of the exam: start typing a city"


def home(interaction: Interaction) -> int:
    """The server in which a date is set; 0 in direct messages and where the bot came with the learner."""
    if interaction.is_user_integration() and not interaction.is_guild_integration():
        return 0
    return interaction.guild_id or 0


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class ExamCog(commands.GroupCog, group_name="exam", group_description="Your exam dates, with reminders; private"):
    """Dates of exams."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        self.bot.courier.register(Kind.EXAM_REMINDER, ReminderSender(self.bot))
        self.bot.courier.register(Kind.UNREACHED, UnreachedSender(self.bot))
        presses_of(self.bot).add(self, Keep, Drop, List, Passed, Failed, Cancel, SnoozeIt, Done, See, *settings.PRESSES)

    @app_commands.command(name="set", description="Store the date of an exam, to be reminded in time")
    @app_commands.describe(exam="Which exam", date=DAY, time=AT, zone=ZONE)
    async def set(self, interaction: Interaction, exam: str, date: str, time: str = "", zone: str = "") -> None:
        service = self.bot.services.exam_dates
        found = await service.propose(interaction.user.id, home(interaction), exam, date, time, zone)
        await show(interaction, render.proposal(found))

    @app_commands.command(name="list", description="Your exam dates with their countdowns and next reminders")
    async def list(self, interaction: Interaction) -> None:
        await show(interaction, render.listing(await self.bot.services.exam_dates.listing(interaction.user.id)))

    @app_commands.command(name="edit", description="Move an exam date, or add its time")
    @app_commands.describe(
        exam="Which of your dates; the next one if you leave it out", date=DAY, time=AT + ", or none", zone=ZONE
    )
    async def edit(
        self, interaction: Interaction, exam: str = "", date: str = "", time: str = "", zone: str = ""
    ) -> None:
        service = self.bot.services.exam_dates
        await show(
            interaction, render.proposal(await service.propose_move(interaction.user.id, exam, date, time, zone))
        )

    @app_commands.command(name="cancel", description="Take an exam date out and call its reminders off")
    @app_commands.describe(exam="Which of your dates; the next one if you leave it out")
    async def cancel(self, interaction: Interaction, exam: str = "") -> None:
        await show(interaction, render.cancelled(await self.bot.services.exam_dates.cancel(interaction.user.id, exam)))

    @app_commands.command(name="passed", description="You passed: see what follows")
    @app_commands.describe(exam="Which of your dates; the next one if you leave it out")
    async def passed(self, interaction: Interaction, exam: str = "") -> None:
        await show(interaction, render.passed(*await self.bot.services.exam_dates.passed(interaction.user.id, exam)))

    @app_commands.command(name="retake", description="Plan another attempt at an exam")
    @app_commands.describe(date=DAY, exam="Which of your dates; the next one if you leave it out", time=AT, zone=ZONE)
    async def retake(self, interaction: Interaction, date: str, exam: str = "", time: str = "", zone: str = "") -> None:
        service = self.bot.services.exam_dates
        await show(
            interaction, render.proposal(await service.propose_retake(interaction.user.id, exam, date, time, zone))
        )

    @set.autocomplete("exam")
    async def exams(self, interaction: Interaction, current: str) -> Choices:
        return [
            app_commands.Choice(name=f"{exam.name} ({exam.issuer}) {exam.title}".strip()[:100], value=exam.id)
            for exam in self.bot.services.certs.suggest(current)
        ]

    @set.autocomplete("zone")
    @edit.autocomplete("zone")
    @retake.autocomplete("zone")
    async def zones(self, interaction: Interaction, current: str) -> Choices:
        return [app_commands.Choice(name=zone, value=zone) for zone in zones_like(current)]

    @edit.autocomplete("exam")
    @cancel.autocomplete("exam")
    @passed.autocomplete("exam")
    async def planned(self, interaction: Interaction, current: str) -> Choices:
        return await own_dates(interaction, current, ExamState.PLANNED)

    @retake.autocomplete("exam")
    async def taken(self, interaction: Interaction, current: str) -> Choices:
        return await own_dates(interaction, current, ExamState.PLANNED, ExamState.NOT_PASSED)


async def own_dates(interaction: Interaction, current: str, *states: ExamState) -> Choices:
    found = await interaction.client.services.exam_dates.suggest(interaction.user.id, current, *states)
    return [
        app_commands.Choice(name=f"{entry.name}, {entry.date.moment.day.isoformat()}"[:100], value=str(entry.date.id))
        for entry in found
    ]


class Keep(Press, template=DRAFT):
    async def pressed(self, interaction: Interaction) -> None:
        service = interaction.client.services.exam_dates
        entry = await service.confirm(interaction.user.id, home(interaction), read_draft(self.ids))
        await show(interaction, render.confirmed(entry))


class Drop(Press, template=r"exam:drop"):
    async def pressed(self, interaction: Interaction) -> None:
        await show(interaction, render.dropped())


class List(Press, template=rf"exam:list{MARK}"):
    async def pressed(self, interaction: Interaction) -> None:
        service = interaction.client.services.exam_dates
        await show(interaction, render.listing(await service.listing(interaction.user.id)))


class Passed(Press, template=r"exam:passed:(?P<date>\d{1,18})"):
    async def pressed(self, interaction: Interaction) -> None:
        service = interaction.client.services.exam_dates
        await show(interaction, render.passed(*await service.passed(interaction.user.id, self.ids["date"])))


class Failed(Press, template=r"exam:failed:(?P<date>\d{1,18})"):
    async def pressed(self, interaction: Interaction) -> None:
        service = interaction.client.services.exam_dates
        await show(interaction, render.not_passed(*await service.not_passed(interaction.user.id, self.ids["date"])))


class Cancel(Press, template=r"exam:cancel:(?P<date>\d{1,18})"):
    async def pressed(self, interaction: Interaction) -> None:
        service = interaction.client.services.exam_dates
        await show(interaction, render.cancelled(await service.cancel(interaction.user.id, self.ids["date"])))


# Reminders are messages to one person, so what is pressed on one changes it in place.


class SnoozeIt(Press, template=rf"exam:snooze:{OCCURRENCE}:(?P<choice>{'|'.join(Snooze)}){MARK}"):
    async def pressed(self, interaction: Interaction) -> None:
        service, pressed_id = interaction.client.services.reminders, delivery_of(self.data["custom_id"])
        occurrence = read_occurrence(self.ids)
        due, at = await service.snooze(interaction.user.id, occurrence, pressed_id, Snooze(self.ids["choice"]))
        await interaction.response.edit_message(view=reminding.reminder(due, pressed_id, again_at=at))


class Done(Press, template=rf"exam:done:{OCCURRENCE}{MARK}"):
    async def pressed(self, interaction: Interaction) -> None:
        service, occurrence = interaction.client.services.reminders, read_occurrence(self.ids)
        due = await service.done(interaction.user.id, occurrence)
        view = reminding.reminder(due, delivery_of(self.data["custom_id"]), done=True) if due else reminding.done()
        await interaction.response.edit_message(view=view)


class See(Press, template=rf"exam:see:{OCCURRENCE}{MARK}"):
    async def pressed(self, interaction: Interaction) -> None:
        due = await interaction.client.services.reminders.due(interaction.user.id, read_occurrence(self.ids))
        view = reminding.reminder(due, delivery_of(self.data["custom_id"]))
        await interaction.response.send_message(view=view, ephemeral=True)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(ExamCog(bot))
    await bot.add_cog(settings.RemindCog(bot))
