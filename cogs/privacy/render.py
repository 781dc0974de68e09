"""How the privacy pages look."""

import discord
from discord import ui

from bot.core.privacy import Visibility
from cogs.ui.layout import GREY, RED, button, layout, note, row


def exported(filename: str) -> ui.LayoutView:
    return layout(
        "### Everything stored about you",
        "Answers, streaks, kept cards, reports and choices, in every server this bot shares with you. No messages: the bot can't read them.",
        ui.File(f"attachment://{filename}"),
        accent=GREY,
    )


def confirm(user_id: int) -> ui.LayoutView:
    return layout(
        "### Delete everything stored about you?",
        "Answers, points, streaks, freezes, kept cards and reports go, in every server, at once and for good. Export them first if you want to keep them.",
        row(
            button("Delete everything", f"erase:yes:{user_id}", discord.ButtonStyle.danger),
            button("Keep everything", f"erase:no:{user_id}"),
        ),
        accent=RED,
    )


def visibility(choice: Visibility) -> ui.LayoutView:
    if choice is Visibility.HIDDEN:
        return note("You are hidden. `/privacy visibility choice:shown` changes that." + _BOARDS)
    return note("You are shown. `/privacy visibility choice:hidden` changes that." + _BOARDS)


_BOARDS = "\n-# This version has no boards yet; your choice is kept for them. Nothing else shows you to others."
