"""/quiz: private practice, one message that is edited in place; its buttons carry the session and the question."""

from discord import app_commands
from discord.ext import commands

from bot.client import StudyBot
from bot.core.cards import CardKind
from bot.core.content import Difficulty, Item
from bot.core.quiz import LENGTH, LENGTH_AT_LEAST, LENGTH_AT_MOST, Reason, Session
from bot.services.quiz_pages import Page
from cogs.quiz import render, summary
from cogs.ui import concept
from cogs.ui.cards import save_for_review
from cogs.ui.choices import Choices, exam_choices
from cogs.ui.layout import plural
from cogs.ui.press import MARK, Interaction, Press, home, presses_of, show
from cogs.ui.report import report, report_form

Length = app_commands.Range[int, LENGTH_AT_LEAST, LENGTH_AT_MOST]

SESSION = r":(?P<session>\d{1,18})"
PUT = SESSION + r":(?P<position>\d{1,2})"


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class QuizCog(commands.GroupCog, group_name="quiz", group_description="Practice, by yourself or live with others"):
    """Private practice."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        presses_of(self.bot).add(
            self,
            Answer,
            Choose,
            Next,
            Stop,
            Show,
            Replace,
            Note,
            Explain,
            Read,
            Keep,
            Report,
            Flag,
            Redo,
            Again,
            Share,
            Practise,
        )

    @app_commands.command(name="start", description="Private practice: unseen questions first, then your weak areas")
    @app_commands.describe(
        exam="Whose blueprint to follow; the server's exam if you leave it out",
        area="One area of that exam",
        topic="One concept, with its neighbours",
        difficulty="Only questions of this difficulty",
        length=f"How many questions, {LENGTH_AT_LEAST} to {LENGTH_AT_MOST}; {LENGTH} if you leave it out",
    )
    async def start(
        self,
        interaction: Interaction,
        exam: str = "",
        area: str = "",
        topic: str = "",
        difficulty: Difficulty | None = None,
        length: Length = LENGTH,
    ) -> None:
        page = await self.bot.services.quiz.start(
            interaction.user.id,
            home(interaction),
            exam=exam,
            area=area,
            topic=topic,
            difficulty=difficulty,
            length=length,
        )
        await reply(interaction, page)

    @app_commands.command(name="resume", description="Your practice session where it stands, or how the last one went")
    async def resume(self, interaction: Interaction) -> None:
        await reply(interaction, await self.bot.services.quiz.resume(interaction.user.id))

    @start.autocomplete("exam")
    async def exams(self, interaction: Interaction, current: str) -> Choices:
        return exam_choices(self.bot.services.quiz.choosing.exams(current))

    @start.autocomplete("area")
    async def areas(self, interaction: Interaction, current: str) -> Choices:
        exam = getattr(interaction.namespace, "exam", None) or ""
        choosing = self.bot.services.quiz.choosing
        found = await choosing.areas(interaction.user.id, home(interaction), exam, current)
        return [
            app_commands.Choice(name=f"{area.title[:70]} ({plural(count, 'question')})", value=area.id)
            for area, count in found
        ]

    @start.autocomplete("topic")
    async def topics(self, interaction: Interaction, current: str) -> Choices:
        found = self.bot.services.quiz.choosing.topics(current)
        return [app_commands.Choice(name=concept.title[:100], value=concept.id) for concept in found]


async def reply(interaction: Interaction, page: Page) -> None:
    """Show where a session stands: in place of the private message that was pressed, or as a new one."""
    await show(interaction, render.page(page, in_guild=interaction.guild_id is not None))


class Answer(Press, template=rf"quiz:answer{PUT}:(?P<letter>[A-F])"):
    async def pressed(self, interaction: Interaction) -> None:
        quiz, ids = interaction.client.services.quiz, self.pair("session", "position")
        await reply(interaction, await quiz.answer(interaction.user.id, *ids, self.ids["letter"]))


class Choose(Press, template=rf"quiz:choose{PUT}"):
    async def pressed(self, interaction: Interaction) -> None:
        quiz, ids = interaction.client.services.quiz, self.pair("session", "position")
        await reply(interaction, await quiz.answer(interaction.user.id, *ids, "".join(self.values)))


class Next(Press, template=rf"quiz:next{PUT}"):
    async def pressed(self, interaction: Interaction) -> None:
        quiz, ids = interaction.client.services.quiz, self.pair("session", "position")
        await reply(interaction, await quiz.go_on(interaction.user.id, *ids))


class Stop(Press, template=rf"quiz:stop{SESSION}"):
    async def pressed(self, interaction: Interaction) -> None:
        quiz = interaction.client.services.quiz
        await reply(interaction, await quiz.stop(interaction.user.id, self.number("session")))


class Show(Press, template=rf"quiz:show{SESSION}"):
    async def pressed(self, interaction: Interaction) -> None:
        quiz = interaction.client.services.quiz
        await reply(interaction, await quiz.standing(interaction.user.id, self.number("session")))


class Replace(Press, template=rf"quiz:replace{SESSION}:(?P<ended>\d{{1,18}})"):
    async def pressed(self, interaction: Interaction) -> None:
        quiz = interaction.client.services.quiz
        await reply(interaction, await quiz.replace(interaction.user.id, self.number("session"), self.number("ended")))


class Note(Press, template=rf"quiz:note{PUT}:(?P<reason>{'|'.join(Reason)})"):
    async def pressed(self, interaction: Interaction) -> None:
        quiz, ids = interaction.client.services.quiz, self.pair("session", "position")
        await reply(interaction, await quiz.note(interaction.user.id, *ids, Reason(self.ids["reason"])))


class Redo(Press, template=rf"quiz:redo{SESSION}"):
    async def pressed(self, interaction: Interaction) -> None:
        quiz = interaction.client.services.quiz
        await reply(interaction, await quiz.redo(interaction.user.id, home(interaction), self.number("session")))


class Again(Press, template=rf"quiz:again{SESSION}"):
    async def pressed(self, interaction: Interaction) -> None:
        quiz = interaction.client.services.quiz
        await reply(interaction, await quiz.again(interaction.user.id, home(interaction), self.number("session")))


class Practise(Press, template=rf"quiz:practise:(?P<exam>[a-z0-9-]{{1,24}}):(?P<area>[a-z0-9-]{{0,48}}){MARK}"):
    """On reminders of an exam: a new session on the area that needs it most."""

    async def pressed(self, interaction: Interaction) -> None:
        quiz, ids = interaction.client.services.quiz, self.ids
        await reply(
            interaction, await quiz.start(interaction.user.id, home(interaction), exam=ids["exam"], area=ids["area"])
        )


class Share(Press, template=rf"quiz:share{SESSION}"):
    async def pressed(self, interaction: Interaction) -> None:
        result = await interaction.client.services.quiz.share(interaction.user.id, self.number("session"))
        await interaction.response.send_message(view=summary.shared(result, interaction.user.id))


# What stands beside a question opens as a message of its own, so that the session stays in sight.


async def own_item(press: Press, interaction: Interaction) -> tuple[Session, Item]:
    return await interaction.client.services.quiz.item(interaction.user.id, *press.pair("session", "position"))


class Explain(Press, template=rf"quiz:explain{PUT}"):
    async def pressed(self, interaction: Interaction) -> None:
        _, item = await own_item(self, interaction)
        await concept.explain(interaction, item)


class Read(Press, template=r"quiz:read"):
    async def pressed(self, interaction: Interaction) -> None:
        view = concept.page(interaction.client.services.explain.page(self.values[0]))
        await interaction.response.send_message(view=view, ephemeral=True)


class Keep(Press, template=rf"quiz:keep{PUT}"):
    async def pressed(self, interaction: Interaction) -> None:
        _, item = await own_item(self, interaction)
        await save_for_review(interaction, CardKind.ITEM, item.id)


class Report(Press, template=rf"quiz:report{PUT}"):
    async def pressed(self, interaction: Interaction) -> None:
        ids = f"{self.ids['session']}:{self.ids['position']}"
        view = report_form(f"Report question {self.ids['position']} of your session", f"quiz:flag:{ids}")
        await interaction.response.send_message(view=view, ephemeral=True)


class Flag(Press, template=rf"quiz:flag{PUT}"):
    async def pressed(self, interaction: Interaction) -> None:
        session, item = await own_item(self, interaction)
        await report(self, interaction, session.guild_id, item.id)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(QuizCog(bot))
