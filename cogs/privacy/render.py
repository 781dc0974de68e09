"""How the privacy pages look."""

import discord
from discord import app_commands, ui

from bot.core.privacy import Visibility
from cogs.ui.layout import GREY, RED, button, footer, layout, plain, row


def exported(filename: str) -> ui.LayoutView:
    return layout(
        "### Everything stored about you",
        "Answers, points, streaks, kept cards, CEUs, study groups, reports, the name you have on boards and your choices, in every server this "
        "bot shares with you. No messages: the bot can't read them.",
        ui.File(f"attachment://{filename}"),
        accent=GREY,
    )


def confirm(user_id: int) -> ui.LayoutView:
    return layout(
        "### Delete everything stored about you?",
        "Answers, points, streaks, freezes, kept cards, CEUs and reports go, in every server, at once and for good. Export them first if you want to keep them.",
        row(
            button("Delete everything", f"erase:yes:{user_id}", discord.ButtonStyle.danger),
            button("Keep everything", f"erase:no:{user_id}"),
        ),
        accent=RED,
    )


CHOICES = [
    app_commands.Choice(name="shown: by your name in the server", value=Visibility.SHOWN.value),
    app_commands.Choice(name="pseudonym: by a made-up name", value=Visibility.PSEUDONYM.value),
    app_commands.Choice(name="hidden: on no board and no picture", value=Visibility.HIDDEN.value),
]


def visibility(choice: Visibility, pseudonym: str) -> ui.LayoutView:
    """How others see the learner, and the buttons that change it."""
    match choice:
        case Visibility.SHOWN:
            text = "You are shown on boards by the name you have in the server."
        case Visibility.PSEUDONYM:
            text = f"On boards you are called **{plain(pseudonym)}**, in every server."
        case Visibility.HIDDEN:
            text = (
                "You are hidden: on no board, no picture and no result, and in no list of names. `/board` still shows you "
                "your own rank, and no one else. Your answers keep counting towards totals without names, such as a "
                "study group's weekly goal."
            )
    labels = {
        Visibility.SHOWN: "Show my name",
        Visibility.PSEUDONYM: "Use a pseudonym",
        Visibility.HIDDEN: "Hide me",
    }
    others = [button(label, f"visibility:{other}") for other, label in labels.items() if other is not choice]
    if choice is Visibility.PSEUDONYM:
        others.insert(0, button("Another one", "pseudonym:another"))
    return layout(text, footer("A change holds at once, on boards of the past too"), row(*others), accent=GREY)
