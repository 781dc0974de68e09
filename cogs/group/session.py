"""The buttons of study sessions."""

from bot.core.privacy import Visibility
from bot.services.meetings import Gathering
from cogs.group import meeting_render as render
from cogs.ui.layout import note
from cogs.ui.press import MARK, Interaction, Press, person_of, show

MEETING = r"(?P<meeting>\d{1,18})"


class Confirm(Press, template=rf"meeting:confirm:{MEETING}"):
    async def pressed(self, interaction: Interaction) -> None:
        found = await interaction.client.services.meetings.confirm(self.number("meeting"), interaction.user.id)
        await show(interaction, render.confirmed(found))


class Discard(Press, template=rf"meeting:discard:{MEETING}"):
    async def pressed(self, interaction: Interaction) -> None:
        await interaction.client.services.meetings.discard(self.number("meeting"), interaction.user.id)
        await show(interaction, note("Nothing was announced. Type /group session again with another time."))


async def show_own(interaction: Interaction, found: Gathering, said: str = "") -> None:
    await show(interaction, render.own(found, said))


class Look(Press, template=rf"meeting:look:{MEETING}"):
    async def pressed(self, interaction: Interaction) -> None:
        await show_own(interaction, await interaction.client.services.meetings.gathering(self.number("meeting")))


class Chosen(Press, template=r"meeting:show"):
    async def pressed(self, interaction: Interaction) -> None:
        await show_own(interaction, await interaction.client.services.meetings.gathering(int(self.values[0])))


class Comes(Press, template=rf"meeting:(?P<what>comes|not):{MEETING}" + MARK):
    async def pressed(self, interaction: Interaction) -> None:
        coming = self.ids["what"] == "comes"
        meetings = interaction.client.services.meetings
        found = await meetings.comes(self.number("meeting"), interaction.user.id, coming=coming)
        self.cog.progress.meetings.touch(found.meeting.id)
        said = "✅ Noted: you come." if coming else "Noted: you can't come."
        await show_own(interaction, found, said + await named(interaction))


class Here(Press, template=rf"meeting:here:{MEETING}" + MARK):
    async def pressed(self, interaction: Interaction) -> None:
        found = await interaction.client.services.meetings.is_here(self.number("meeting"), interaction.user.id)
        self.cog.progress.meetings.touch(found.meeting.id)
        await show_own(interaction, found, "✅ Noted: you are here." + await named(interaction))


async def named(interaction: Interaction) -> str:
    chosen = await interaction.client.services.privacy.visibility(interaction.user.id)
    return "" if chosen is Visibility.SHOWN else " You are counted, and named to nobody."


class Cancel(Press, template=rf"meeting:cancel:(?P<sure>yes:)?{MEETING}"):
    async def pressed(self, interaction: Interaction) -> None:
        meetings = interaction.client.services.meetings
        if self.ids["sure"]:
            found = await meetings.cancel(self.number("meeting"), person_of(interaction))
            await show(interaction, render.cancelled(found))
        else:
            found = await meetings.gathering(self.number("meeting"))
            await show(interaction, render.cancelling(found))


PRESSES = (Confirm, Discard, Look, Chosen, Comes, Here, Cancel)
