"""/code drill: endless drills whose buttons carry all there is to know of them."""

from dataclasses import dataclass, replace
from datetime import date

import discord
from discord import ui

from bot.core.codes import System
from bot.core.content import LETTERS
from bot.core.drills import Choice, Drill, DrillKind, next_seed
from bot.core.errors import CodeUnknown
from bot.services.drills import Graded, Outdated
from cogs.code import ids, render
from cogs.code.ids import ENTRY
from cogs.ui.layout import AMBER, BLUE, GREEN, GREY, button, footer, gap, layout, line, plain, row
from cogs.ui.press import Interaction, Press, show

NAMES = {
    DrillKind.BILLABLE: "Which is billable?",
    DrillKind.SEVENTH: "7th characters",
    DrillKind.EXCLUDES1: "Excludes1",
    DrillKind.PLACE: "Where does it belong?",
    DrillKind.LEVEL: "Billable or header?",
    DrillKind.PARENT: "What stands above it?",
}
"""What each kind is called, also as a choice of the command."""

MIXED = "m"
TALLY_AT_MOST = 9_999


@dataclass(frozen=True, slots=True)
class Sitting:
    """What a learner asked for, the seed of the drill in sight, and how many of those answered were right."""

    kind: DrillKind | None
    chapter: int | None
    seed: int
    right: int = 0
    total: int = 0

    def __str__(self) -> str:
        return f"{self.kind or MIXED}:{self.chapter or 0}:{self.seed}:{self.right}-{self.total}"

    def after(self, right: bool) -> "Sitting":
        """The same with one more answer counted."""
        if self.total >= TALLY_AT_MOST:
            return replace(self, right=int(right), total=1)
        return replace(self, right=self.right + right, total=self.total + 1)

    def next(self) -> "Sitting":
        return replace(self, seed=next_seed(self.seed))


SITTING = (
    rf"(?P<kind>[{MIXED}{''.join(DrillKind)}]):(?P<chapter>\d{{1,2}}):(?P<seed>\d{{1,10}})"
    r":(?P<right>\d{1,4})-(?P<total>\d{1,4})"
)


def sitting(groups: dict[str, str]) -> Sitting:
    """The reverse of str(sitting), from the groups of SITTING."""
    kind = None if groups["kind"] == MIXED else DrillKind(groups["kind"])
    chapter, seed, right, total = (int(groups[name]) for name in ("chapter", "seed", "right", "total"))
    return Sitting(kind, chapter or None, seed, min(right, total), total)


# -- how it looks --------------------------------------------------------------------------------------------


def question(drill: Drill, now: Sitting) -> ui.LayoutView:
    """A drill to answer."""
    answers = [
        button(_label(option, position), f"drill:{now}:{drill.digest}:{position}", discord.ButtonStyle.primary)
        for position, option in enumerate(drill.options)
    ]
    return layout(
        f"### {NAMES[drill.kind]}{_tally(now)}",
        plain(drill.question),
        f"**{plain(drill.subject)}**" if drill.subject else "",
        gap(),
        "\n".join(
            f"**{_label(option, position)}**  {plain(option.text)}" for position, option in enumerate(drill.options)
        ),
        line(),
        footer(*_wishes(now), plain(drill.release)),
        row(*answers),
        accent=BLUE,
    )


def answered(graded: Graded, now: Sitting) -> ui.LayoutView:
    """The answer, why each option is right or wrong, and the rule. `now` has the answer counted."""
    drill = graded.drill
    key = _label(drill.options[drill.right], drill.right)
    verdict = f"### Right: {key}" if graded.right else f"### Not this time: the answer is {key}"
    subject = f"\n**{plain(drill.subject)}**" if drill.subject else ""
    about = drill.about.entry
    entry = f"{System.ICD10CM}|{about.key}"
    return layout(
        f"{verdict}{_tally(now)}",
        f"{plain(drill.question)}{subject}",
        line(),
        "\n".join(_explained(option, i, chosen=i == graded.chosen) for i, option in enumerate(drill.options)),
        line(),
        f"**The rule**  {plain(drill.rule)}",
        footer(plain(drill.place)),
        footer(plain(drill.source), plain(drill.release), "your code books have the last word"),
        row(
            button("Next", f"drill-next:{now.next()}", discord.ButtonStyle.primary),
            button(f"Look up {about.code}", f"drill-look:{entry}"),
            button("Save for review", f"code-save:{entry}"),
        ),
        accent=GREEN if graded.right else AMBER,
    )


def outdated(now: Sitting) -> ui.LayoutView:
    """What an old button says after the code set changed."""
    return layout(
        f"### This drill is out of date{_tally(now)}",
        "The code set behind it was updated after it was asked, so your answer is not counted.",
        row(button("Another one", f"drill-next:{now.next()}", discord.ButtonStyle.primary)),
        accent=GREY,
    )


def _tally(now: Sitting) -> str:
    return f" · {now.right} of {now.total} right" if now.total else ""


def _wishes(now: Sitting) -> tuple[str, str]:
    return NAMES[now.kind] if now.kind else "", f"chapter {now.chapter}" if now.chapter else ""


def _label(option: Choice, position: int) -> str:
    return option.label or LETTERS[position]


def _explained(option: Choice, position: int, *, chosen: bool) -> str:
    own = " (yours)" if chosen else ""
    sign = "✅" if option.right else "❌"
    return f"{sign} **{_label(option, position)}{own}**  {plain(option.text)}\n-# {plain(option.why)}"


# -- what is pressed -----------------------------------------------------------------------------------------


def today(interaction: Interaction) -> date:
    return interaction.client.services.codes.today()


async def start(interaction: Interaction, kind: DrillKind | None, chapter: int | None) -> None:
    """The first drill of a sitting, for the one who asked."""
    now = Sitting(kind, chapter, next_seed(interaction.id))
    drill = await interaction.client.services.drills.draw(kind, chapter, now.seed, today(interaction))
    await interaction.response.send_message(view=question(drill, now), ephemeral=True)


class Answer(Press, template=rf"drill:{SITTING}:(?P<digest>[0-9a-f]{{8}}):(?P<choice>\d)"):
    async def pressed(self, interaction: Interaction) -> None:
        now = sitting(self.ids)
        result = await interaction.client.services.drills.grade(
            now.kind, now.chapter, now.seed, self.ids["digest"], self.number("choice"), today(interaction)
        )
        if isinstance(result, Outdated):
            await show(interaction, outdated(now))
        else:
            await show(interaction, answered(result, now.after(result.right)))


class Next(Press, template=rf"drill-next:{SITTING}"):
    async def pressed(self, interaction: Interaction) -> None:
        now = sitting(self.ids)
        drill = await interaction.client.services.drills.draw(now.kind, now.chapter, now.seed, today(interaction))
        await show(interaction, question(drill, now))


class LookUp(Press, template="drill-look:" + ENTRY):
    """The entry beside the drill, which stays as it is, so that the sitting goes on."""

    async def pressed(self, interaction: Interaction) -> None:
        where = ids.from_groups({"page": None, "skip": None, "on": None, **self.ids})
        if where is None:
            raise CodeUnknown(text="that entry")
        found = await interaction.client.services.codes.sheet(where.system, where.key, today(interaction))
        await interaction.response.send_message(view=render.sheet(found, where), ephemeral=True)


PRESSES = (Answer, Next, LookUp)
