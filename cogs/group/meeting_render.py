"""How study sessions look: what a host confirms, the message everybody sees, and what came of it."""

import discord
from discord import ui

from bot.client.courier import mark
from bot.core.meetings import HERE_BEFORE, MeetingState, reads_as
from bot.services.meetings import Draft, Gathering
from cogs.group.render import people, troubles
from cogs.ui.layout import AMBER, BLUE, GREEN, GREY, RED, button, footer, layout, plain, plural, row


def draft(found: Draft, missing: list[str]) -> ui.LayoutView:
    """What a host is asked before a session stands."""
    meeting = found.meeting
    return layout(
        f"### {plain(meeting.title)}",
        f"<t:{meeting.starts_at}:F> (<t:{meeting.starts_at}:R>), {plural(meeting.minutes, 'minute')}, in <#{meeting.where_id or found.group.place_id}>.",
        troubles(missing),
        "Is that right?",
        row(
            button("Yes, announce it", f"meeting:confirm:{meeting.id}", discord.ButtonStyle.success),
            button("No", f"meeting:discard:{meeting.id}"),
        ),
        footer(f"Read as {reads_as(meeting.starts_at, found.zone)}", f"for {plain(found.group.name)}"),
        accent=AMBER if missing else BLUE,
    )


def confirmed(found: Gathering) -> ui.LayoutView:
    meeting = found.meeting
    return layout(
        f"### {plain(meeting.title)} is planned",
        f"<t:{meeting.starts_at}:F>. It is announced in <#{found.group.place_id}> now, with a reminder half an hour before.",
        row(*_private_buttons(meeting.id)),
        footer("Members press I'm coming, and I'm here when it begins"),
        accent=GREEN,
    )


def _private_buttons(meeting_id: int) -> list[ui.Button[ui.LayoutView]]:
    return [
        button("I'm coming", f"meeting:comes:{meeting_id}", discord.ButtonStyle.primary),
        button("I can't come", f"meeting:not:{meeting_id}"),
        button("I'm here", f"meeting:here:{meeting_id}", discord.ButtonStyle.success),
        button("Call it off", f"meeting:cancel:{meeting_id}", discord.ButtonStyle.danger),
    ]


def _facts(found: Gathering) -> str:
    meeting = found.meeting
    host = f"host <@{meeting.host_id}>" if meeting.host_id else ""
    parts = [
        f"<t:{meeting.starts_at}:F>",
        plural(meeting.minutes, "minute"),
        f"<#{meeting.where_id or found.group.place_id}>",
        host if found.host_named else "",
    ]
    return " · ".join(part for part in parts if part)


def attendance(found: Gathering) -> str:
    """Who comes, or once it is over, who came."""
    over, those = found.over, found.people
    listed = people([f"<@{user_id}>" for user_id in those.named], those.unnamed)
    if not listed:
        return "Nobody pressed I'm here." if over else "Nobody has said yet that they come."
    return f"**{'There' if over else 'Coming'}** ({those.total}): {listed}"


def message(found: Gathering, delivery_id: int) -> ui.LayoutView:
    """The message in the group's place, as things are: planned, cancelled, or over."""
    meeting = found.meeting
    title = plain(meeting.title)
    about = button("About this group", mark(f"group:info:{found.group.id}", delivery_id))
    if meeting.state is MeetingState.CANCELLED:
        return layout(f"### Called off: {title}", f"~~<t:{meeting.starts_at}:F>~~", row(about), accent=RED)
    if found.over:
        return layout(
            f"### {title}",
            _facts(found),
            attendance(found),
            row(about),
            accent=GREY,
        )
    return layout(
        f"### {title}",
        _facts(found),
        attendance(found),
        row(
            button("I'm coming", mark(f"meeting:comes:{meeting.id}", delivery_id), discord.ButtonStyle.primary),
            button("I'm here", mark(f"meeting:here:{meeting.id}", delivery_id), discord.ButtonStyle.success),
        ),
        footer(f"I'm here works from {HERE_BEFORE // 60} minutes before until the end", plain(meeting.fault)),
    )


def reminder(found: Gathering, delivery_id: int) -> ui.LayoutView:
    meeting = found.meeting
    return layout(
        f"### {plain(meeting.title)} begins <t:{meeting.starts_at}:R>",
        _facts(found),
        attendance(found),
        row(
            button("I'm coming", mark(f"meeting:comes:{meeting.id}", delivery_id), discord.ButtonStyle.primary),
            button("I'm here", mark(f"meeting:here:{meeting.id}", delivery_id), discord.ButtonStyle.success),
        ),
    )


def own(found: Gathering, said: str = "") -> ui.LayoutView:
    """A session as one member sees it in private, with what they just said."""
    meeting = found.meeting
    if meeting.state is MeetingState.CANCELLED:
        return layout(f"{plain(meeting.title)} was called off.", accent=GREY)
    return layout(
        said,
        f"### {plain(meeting.title)}",
        _facts(found),
        attendance(found),
        *([] if found.over else [row(*_private_buttons(meeting.id))]),
        accent=GREEN if said else BLUE,
    )


def cancelling(found: Gathering) -> ui.LayoutView:
    meeting = found.meeting
    return layout(
        f"### Call off {plain(meeting.title)}?",
        f"<t:{meeting.starts_at}:F>. Its message says so then, and the reminder and the event in the server's calendar go.",
        row(
            button("Call it off", f"meeting:cancel:yes:{meeting.id}", discord.ButtonStyle.danger),
            button("Keep it", f"meeting:look:{meeting.id}"),
        ),
        accent=RED,
    )


def cancelled(found: Gathering) -> ui.LayoutView:
    return layout(
        f"{plain(found.meeting.title)} is called off; its message says so in a moment.",
        row(button("About this group", f"group:info:{found.group.id}")),
        accent=GREY,
    )
