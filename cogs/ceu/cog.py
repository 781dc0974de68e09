"""/ceu: continuing education units, the cycles they are for, and what is missing."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import StudyBot
from bot.core.ceu_entries import PROVIDER_AT_MOST, TITLE_AT_MOST
from bot.core.deliveries import Kind
from bot.services.ceu_entries import Typed
from cogs.ceu import actions, entries, render
from cogs.ceu.sending import CeuSender
from cogs.ui.choices import Choices, exams
from cogs.ui.layout import day
from cogs.ui.press import Interaction, home, open_form, presses_of

Text = app_commands.Range[str, 1, 60]
EARNED_EXAMPLES, START_EXAMPLES, END_EXAMPLES = ("today", "yesterday"), ("January 1",), ("December 31",)


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class CeuCog(commands.GroupCog, group_name="ceu", group_description="Your CEUs: cycles, entries, what is missing"):
    """Continuing education units."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        self.bot.courier.register(Kind.CEU, CeuSender(self.bot))
        presses_of(self.bot).add(self, *actions.PRESSES)

    @app_commands.command(name="cycle", description="Track a credential, or change its cycle")
    @app_commands.describe(
        credential="Its letters, its name or its issuer",
        start="First day of the cycle: 2026-03-01, March 1; start or end is enough",
        end="Last day of the cycle: 2028-02-29",
        ceus="Only if the rule is not known here: how many CEUs your issuer asks for",
    )
    @app_commands.autocomplete(credential=exams)
    async def cycle(
        self,
        interaction: Interaction,
        credential: Text,
        start: Text | None = None,
        end: Text | None = None,
        ceus: app_commands.Range[str, 1, 20] | None = None,
    ) -> None:
        found = await self.bot.services.ceu.track(
            interaction.user.id,
            home(interaction),
            credential,
            start=start or "",
            end=end or "",
            ceus=ceus or "",
        )
        await interaction.response.send_message(view=render.page(found), ephemeral=True)

    @app_commands.command(name="add", description="Note CEUs that you earned")
    @app_commands.describe(
        date="When you earned them: today, March 1, 2026-03-01",
        ceus="How many, in quarters: 1, 1.5, 0.75 (usually one an hour)",
        title="What they were for",
        provider="Who gave them",
        category="Which minimum they serve, if any; more can be chosen afterwards",
        certificate="A file; only its link is kept",
        issuer="If only one of your issuers accepts them",
    )
    async def add(
        self,
        interaction: Interaction,
        date: Text,
        ceus: app_commands.Range[str, 1, 20],
        title: app_commands.Range[str, 1, TITLE_AT_MOST],
        provider: app_commands.Range[str, 1, PROVIDER_AT_MOST] | None = None,
        category: Text | None = None,
        certificate: discord.Attachment | None = None,
        issuer: Text | None = None,
    ) -> None:
        typed = Typed(date, ceus, title, provider or "", certificate.url if certificate else "")
        found = await self.bot.services.ceu.entries.add(
            interaction.user.id, home(interaction), typed, category=category or "", issuer=issuer or ""
        )
        await interaction.response.send_message(view=entries.one(found, "✅ Noted."), ephemeral=True)

    @app_commands.command(name="list", description="What you earned, entry by entry")
    async def list_entries(self, interaction: Interaction) -> None:
        ledger = await self.bot.services.ceu.ledger(interaction.user.id, home(interaction))
        await interaction.response.send_message(view=entries.listing(ledger), ephemeral=True)

    @app_commands.command(name="edit", description="Change an entry")
    @app_commands.describe(entry="Which one: its title, provider or day")
    async def edit(self, interaction: Interaction, entry: app_commands.Range[str, 1, 100]) -> None:
        found = await self.bot.services.ceu.entries.show(interaction.user.id, entry)
        await open_form(interaction, entries.form(found.entry))

    @app_commands.command(name="remove", description="Remove an entry")
    @app_commands.describe(entry="Which one: its title, provider or day")
    async def remove(self, interaction: Interaction, entry: app_commands.Range[str, 1, 100]) -> None:
        found = await self.bot.services.ceu.entries.show(interaction.user.id, entry)
        await interaction.response.send_message(view=entries.removing(found), ephemeral=True)

    @app_commands.command(name="status", description="What is earned, what is missing by when, and at what pace")
    @app_commands.describe(credential="One of yours; all unless you say otherwise")
    async def status(self, interaction: Interaction, credential: Text | None = None) -> None:
        ceu = self.bot.services.ceu
        if credential:
            view = render.page(await ceu.page(interaction.user.id, credential))
        else:
            view = render.status(await ceu.ledger(interaction.user.id, home(interaction)))
        await interaction.response.send_message(view=view, ephemeral=True)

    @app_commands.command(name="export", description="What you earned as a table (CSV)")
    async def export(self, interaction: Interaction) -> None:
        await actions.send_export(interaction)

    # -- what fields suggest -----------------------------------------------------------------------------------

    @status.autocomplete("credential")
    async def own(self, interaction: Interaction, current: str) -> Choices:
        found = await self.bot.services.ceu.own(interaction.user.id, current)
        return [
            app_commands.Choice(name=f"{one.exam.name} ({one.exam.issuer})"[:100], value=one.exam.id) for one in found
        ][:25]

    @edit.autocomplete("entry")
    @remove.autocomplete("entry")
    async def own_entries(self, interaction: Interaction, current: str) -> Choices:
        found = await self.bot.services.ceu.entries.like(interaction.user.id, current)
        return [app_commands.Choice(name=entries.label(each), value=str(each.id)) for each in found]

    @add.autocomplete("category")
    async def categories(self, interaction: Interaction, current: str) -> Choices:
        found = await self.bot.services.ceu.entries.categories_like(interaction.user.id, current)
        return [app_commands.Choice(name=least.title[:100], value=least.id) for least in found]

    @add.autocomplete("issuer")
    async def issuers(self, interaction: Interaction, current: str) -> Choices:
        names = self.bot.services.ceu.issuers
        return [app_commands.Choice(name=name, value=name) for name in names if current.casefold() in name.casefold()][
            :25
        ]

    @add.autocomplete("date")
    async def earned(self, interaction: Interaction, current: str) -> Choices:
        return await self._days(interaction, current, "earned", EARNED_EXAMPLES)

    @cycle.autocomplete("start")
    async def starts(self, interaction: Interaction, current: str) -> Choices:
        return await self._days(interaction, current, "start", START_EXAMPLES)

    @cycle.autocomplete("end")
    async def ends(self, interaction: Interaction, current: str) -> Choices:
        return await self._days(interaction, current, "end", END_EXAMPLES)

    async def _days(self, interaction: Interaction, current: str, kind: str, examples: tuple[str, ...]) -> Choices:
        """What was typed so far, as it would be read; the choice is the day itself."""
        found = Choices()
        for text in (current,) if current.strip() else examples:
            read = await self.bot.services.ceu.read_day(interaction.user.id, home(interaction), text, kind)
            if read is not None:
                name = f"{text}: {read:%A} {day(read)}"
                found.append(app_commands.Choice(name=name[:100], value=read.isoformat()))
        return found


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(CeuCog(bot))
