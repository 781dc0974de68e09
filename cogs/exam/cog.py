"""/exam: dates of exams and the reminders of them; what is typed is shown back before it is stored."""

from discord import app_commands
from discord.ext import commands

from bot.client import StudyBot
from bot.core.deliveries import Kind
from bot.core.reminders import Snooze
from cogs.exam import reminding, render, settings
from cogs.exam.choices import planned, taken
from cogs.exam.ids import DRAFT, OCCURRENCE, delivery_of, read_draft, read_occurrence
from cogs.exam.sending import ReminderSender, UnreachedSender
from cogs.ui.choices import exams, zones
from cogs.ui.press import MARK, Interaction, Press, home, presses_of, show

DAY = "Such as 2027-03-14, 14 March, 3/14/2027 or in 6 weeks"
AT = "Local time, such as 8:00 or 1:30 pm"
ZONE = "Time zone of the exam: start typing a city"


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
    @app_commands.autocomplete(exam=exams, zone=zones)
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
    @app_commands.autocomplete(exam=planned, zone=zones)
    async def edit(
        self, interaction: Interaction, exam: str = "", date: str = "", time: str = "", zone: str = ""
    ) -> None:
        service = self.bot.services.exam_dates
        await show(
            interaction, render.proposal(await service.propose_move(interaction.user.id, exam, date, time, zone))
        )

    @app_commands.command(name="cancel", description="Take an exam date out and call its reminders off")
    @app_commands.describe(exam="Which of your dates; the next one if you leave it out")
    @app_commands.autocomplete(exam=planned)
    async def cancel(self, interaction: Interaction, exam: str = "") -> None:
        await show(interaction, render.cancelled(await self.bot.services.exam_dates.cancel(interaction.user.id, exam)))

    @app_commands.command(name="passed", description="You passed: see what follows")
    @app_commands.describe(exam="Which of your dates; the last one that is over if you leave it out")
    @app_commands.autocomplete(exam=planned)
    async def passed(self, interaction: Interaction, exam: str = "") -> None:
        await show(interaction, render.passed(*await self.bot.services.exam_dates.passed(interaction.user.id, exam)))

    @app_commands.command(name="retake", description="Plan another attempt at an exam")
    @app_commands.describe(
        date=DAY, exam="Which of your dates; the last one that is over if you leave it out", time=AT, zone=ZONE
    )
    @app_commands.autocomplete(exam=taken, zone=zones)
    async def retake(self, interaction: Interaction, date: str, exam: str = "", time: str = "", zone: str = "") -> None:
        service = self.bot.services.exam_dates
        await show(
            interaction, render.proposal(await service.propose_retake(interaction.user.id, exam, date, time, zone))
        )


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
