"""What the controls of /ceu do."""

import io

import discord
from discord import ui

from bot.services.ceu_entries import Typed
from cogs.ceu import entries, render
from cogs.ceu.picture import ceu_file
from cogs.ui.layout import note
from cogs.ui.press import MARK, Interaction, Press, home, open_form, privately, show

ID = r"(?P<id>\d{1,18})"
PAGE = r"(?P<page>\d{1,4})"


async def replace_with(interaction: Interaction, view: ui.LayoutView) -> None:
    """Show a page in place of the private one that was pressed, which may have had a picture or a file."""
    if privately(interaction):
        await interaction.response.edit_message(view=view, attachments=[])
    else:
        await interaction.response.send_message(view=view, ephemeral=True)


async def send_export(interaction: Interaction) -> None:
    data, count = await interaction.client.services.ceu.export(interaction.user.id)
    file = discord.File(io.BytesIO(data), "ceus.csv")
    await interaction.response.send_message(view=entries.exported(file.filename, count), file=file, ephemeral=True)


class Status(Press, template=r"ceu:status" + MARK):
    async def pressed(self, interaction: Interaction) -> None:
        ledger = await interaction.client.services.ceu.ledger(interaction.user.id, home(interaction))
        await replace_with(interaction, render.status(ledger))


class OnePage(Press, template=rf"ceu:page:{ID}:{PAGE}" + MARK):
    async def pressed(self, interaction: Interaction) -> None:
        found = await interaction.client.services.ceu.page(interaction.user.id, self.ids["id"])
        await show(interaction, render.page(found, self.number("page")))


class Pick(Press, template=r"ceu:pick"):
    async def pressed(self, interaction: Interaction) -> None:
        found = await interaction.client.services.ceu.page(interaction.user.id, self.values[0])
        await show(interaction, render.page(found))


class Picture(Press, template=r"ceu:picture"):
    async def pressed(self, interaction: Interaction) -> None:
        ledger = await interaction.client.services.ceu.ledger(interaction.user.id)
        if not ledger.tracked:
            await show(interaction, render.status(ledger))
            return
        file = await ceu_file(ledger)
        await interaction.response.send_message(view=render.pictured(ledger, file), file=file, ephemeral=True)


class CycleForm(Press, template=rf"ceu:form:{ID}"):
    async def pressed(self, interaction: Interaction) -> None:
        found = await interaction.client.services.ceu.page(interaction.user.id, self.ids["id"])
        await open_form(interaction, render.cycle_form(found))


class CycleTyped(Press, template=rf"ceu:cycle:{ID}"):
    """The answer to the form."""

    async def pressed(self, interaction: Interaction) -> None:
        typed = self.inputs
        found = await interaction.client.services.ceu.change(
            interaction.user.id,
            self.number("id"),
            start=typed.get("start", ""),
            end=typed.get("end", ""),
            ceus=typed.get("ceus", ""),
        )
        await show(interaction, render.page(found))


class ByTheRule(Press, template=rf"ceu:rule:{ID}"):
    async def pressed(self, interaction: Interaction) -> None:
        found = await interaction.client.services.ceu.by_the_rule(interaction.user.id, self.number("id"))
        await show(interaction, render.page(found))


class Drop(Press, template=rf"ceu:drop:(?P<sure>yes:)?{ID}"):
    async def pressed(self, interaction: Interaction) -> None:
        ceu = interaction.client.services.ceu
        if self.ids["sure"]:
            one = await ceu.untrack(interaction.user.id, self.number("id"))
            text = f"{one.exam.name} is not tracked any more; /ceu cycle begins anew."
            await show(interaction, note(text))
        else:
            found = await ceu.page(interaction.user.id, self.ids["id"])
            await show(interaction, render.dropping(found.tracked))


class Listing(Press, template=rf"ceu:list:{PAGE}"):
    async def pressed(self, interaction: Interaction) -> None:
        ledger = await interaction.client.services.ceu.ledger(interaction.user.id, home(interaction))
        await show(interaction, entries.listing(ledger, self.number("page")))


class OpenEntry(Press, template=rf"ceu:entry(?::{ID})?"):
    async def pressed(self, interaction: Interaction) -> None:
        wanted = self.ids["id"] or self.values[0]
        await show(
            interaction, entries.one(await interaction.client.services.ceu.entries.show(interaction.user.id, wanted))
        )


class EntryForm(Press, template=rf"ceu:edit:{ID}"):
    async def pressed(self, interaction: Interaction) -> None:
        found = await interaction.client.services.ceu.entries.show(interaction.user.id, self.ids["id"])
        await open_form(interaction, entries.form(found.entry))


class EntryTyped(Press, template=rf"ceu:edited:{ID}"):
    """The answer to the form."""

    async def pressed(self, interaction: Interaction) -> None:
        got = self.inputs
        typed = Typed(got["day"], got["ceus"], got["title"], got.get("provider", ""), got.get("link", ""))
        found = await interaction.client.services.ceu.entries.edit(interaction.user.id, self.number("id"), typed)
        await show(interaction, entries.one(found, "Changed."))


class Kinds(Press, template=rf"ceu:kinds:{ID}"):
    async def pressed(self, interaction: Interaction) -> None:
        ceu = interaction.client.services.ceu
        found = await ceu.entries.categorise(interaction.user.id, self.number("id"), self.values)
        await show(interaction, entries.one(found))


class AcceptedBy(Press, template=rf"ceu:issuer:{ID}"):
    async def pressed(self, interaction: Interaction) -> None:
        chosen = "" if self.values[0] == entries.EVERY_ISSUER else self.values[0]
        found = await interaction.client.services.ceu.entries.accepted_by(
            interaction.user.id, self.number("id"), chosen
        )
        await show(interaction, entries.one(found))


class Remove(Press, template=rf"ceu:remove:(?P<sure>yes:)?{ID}"):
    async def pressed(self, interaction: Interaction) -> None:
        ceu = interaction.client.services.ceu
        if self.ids["sure"]:
            await show(interaction, entries.removed(await ceu.entries.remove(interaction.user.id, self.number("id"))))
        else:
            await show(interaction, entries.removing(await ceu.entries.show(interaction.user.id, self.ids["id"])))


class Export(Press, template=r"ceu:export"):
    async def pressed(self, interaction: Interaction) -> None:
        await send_export(interaction)


PRESSES = (
    Status, OnePage, Pick, Picture, CycleForm, CycleTyped, ByTheRule, Drop, Listing, OpenEntry, EntryForm, EntryTyped,
    Kinds, AcceptedBy, Remove, Export,
)  # fmt: skip
