"""/explain, and the buttons and selects of an explanation wherever it is shown."""

from discord import app_commands
from discord.ext import commands

from bot.client import StudyBot
from bot.core.cards import CardKind
from cogs.explain import render
from cogs.ui.cards import save_for_review
from cogs.ui.concept import page
from cogs.ui.press import Interaction, Press, presses_of, show

CONCEPT = r":(?P<concept>[a-z0-9-]{1,48})"
ASKED = rf"{CONCEPT}:(?P<digest>[0-9a-f]{{16}}):(?P<seed>\d{{1,4}})"


class ExplainCog(commands.Cog):
    """Explanations."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        presses_of(self.bot).add(self, Read, Show, Quiz, Next, Answer, Choose, Keep)

    @app_commands.command(name="explain", description="A concept: the rule, an example, the usual trap")
    @app_commands.describe(
        topic="A modifier, convention, guideline, root operation ... or a question in your own words"
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def explain(self, interaction: Interaction, topic: str) -> None:
        match = self.bot.services.explain.find(topic)
        view = page(match.page, match.others) if match.page else render.matches(topic, match.others)
        await interaction.response.send_message(view=view, ephemeral=True)

    @explain.autocomplete("topic")
    async def topics(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        found = self.bot.services.explain.suggest(current)
        return [app_commands.Choice(name=concept.title[:100], value=concept.id) for concept in found]


class Read(Press, template=r"concept:read:[a-z]{1,16}"):
    async def pressed(self, interaction: Interaction) -> None:
        await show(interaction, page(interaction.client.services.explain.page(self.values[0])))


class Show(Press, template=rf"concept:show{CONCEPT}"):
    async def pressed(self, interaction: Interaction) -> None:
        await show(interaction, page(interaction.client.services.explain.page(self.ids["concept"])))


async def ask(interaction: Interaction, concept: str, after: str = "") -> None:
    """A question on a concept, other than the one with the digest `after` where there is another."""
    services = interaction.client.services
    asked = await services.explain.ask(concept, interaction.user.id, interaction.guild_id, after)
    if asked is None:
        view = render.nothing_to_ask(services.explain.page(concept))
    else:
        view = render.question(asked, services.study.areas(asked.asked.item))
    await show(interaction, view)


class Quiz(Press, template=rf"concept:quiz{CONCEPT}"):
    async def pressed(self, interaction: Interaction) -> None:
        await ask(interaction, self.ids["concept"])


class Next(Press, template=rf"concept:next{CONCEPT}:(?P<digest>[0-9a-f]{{16}})"):
    async def pressed(self, interaction: Interaction) -> None:
        await ask(interaction, self.ids["concept"], self.ids["digest"])


async def judge(press: Press, interaction: Interaction, chosen: str) -> None:
    """Show what an answer comes to; the custom_id says to what it was given."""
    explain = interaction.client.services.explain
    result = explain.judge(press.ids["concept"], press.ids["digest"], press.number("seed"), chosen)
    await show(interaction, render.answered(result))


class Answer(Press, template=rf"concept:answer{ASKED}:(?P<letter>[A-F])"):
    async def pressed(self, interaction: Interaction) -> None:
        await judge(self, interaction, self.ids["letter"])


class Choose(Press, template=rf"concept:choose{ASKED}"):
    async def pressed(self, interaction: Interaction) -> None:
        await judge(self, interaction, "".join(self.values))


class Keep(Press, template=r"concept:keep:(?P<kind>item|concept):(?P<subject>[a-z0-9-]{1,48})"):
    async def pressed(self, interaction: Interaction) -> None:
        await save_for_review(interaction, CardKind(self.ids["kind"]), self.ids["subject"])


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(ExplainCog(bot))
