"""How the organiser's panel looks."""

import discord
from discord import ui

from bot.client.courier import mark
from bot.core.content import Item
from bot.core.daily import DailySettings
from bot.services.flags import Flagged, Notice
from bot.services.setup import COMMON_ZONES, Panel
from cogs.setup.failed import DAYS
from cogs.setup.permissions import Check
from cogs.ui.layout import AMBER, BLUE, Child, button, footer, layout, line, plain, plural, row

REVEALS = (None, 1, 2, 4, 8, 12, 20)


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def half_day(minute: int) -> str:
    """A time of day as most of the United States writes it."""
    return f"{minute // 60 % 12 or 12}:{minute % 60:02} {'PM' if minute >= 720 else 'AM'}"


def panel(state: Panel, check: Check | None) -> ui.LayoutView:
    """The /setup panel. `check` is None before a channel was chosen."""
    settings = state.settings
    if settings is None or check is None:
        return _first(state)
    status = (
        f"Next question <t:{state.next_at}:F> (<t:{state.next_at}:R>)."
        if state.next_at
        else "**Paused.** Nothing is posted."
    )
    reveal = (
        "when the next one is posted" if settings.reveal_hours is None else f"{settings.reveal_hours} h after the post"
    )
    exam = next((exam.name for exam, _ in state.exams if exam.id == settings.exam), settings.exam)
    return layout(
        "### Daily question",
        f"In <#{settings.channel_id}> at **{clock(settings.minute)}** ({half_day(settings.minute)}, {settings.zone}), for **{plain(exam)}**, "
        f"revealed {reveal}, "
        + (f"pinging <@&{settings.role_id}>, " if settings.role_id else "")
        + f"streak freezes {'on' if settings.freezes else 'off'}.\n{status}",
        _problems(settings, check),
        line(),
        row(_channel_select(settings)),
        row(_time_select(settings)),
        row(_zone_select(settings)),
        row(_exam_select(state, settings)),
        row(_reveal_select(settings)),
        row(_role_select(settings)),
        row(
            button("Preview", "setup:preview"),
            button("Post a test now", "setup:test"),
            button("Other time or zone", "setup:form"),
            button(f"Turn freezes {'off' if settings.freezes else 'on'}", "setup:freezes"),
            button("Pause", "setup:pause") if settings.active else button("Start again", "setup:start"),
        ),
        *_flagged(state.flagged),
        *_failed(state.failed),
        footer(
            f"{state.rounds} questions so far" if state.rounds else "",
            "changes are saved at once; a new reveal time counts from the next question",
        ),
        accent=AMBER if check.blocking or settings.fault else BLUE,
    )


def _first(state: Panel) -> ui.LayoutView:
    pools = ", ".join(f"{plain(exam.name)} ({count} questions)" for exam, count in state.exams)
    return layout(
        "### Set up the daily question",
        "Choose the channel. That is all it needs: the first question comes at the next 09:00 New York time, and you can change "
        "the time, zone, exam and everything else here afterwards.",
        row(_channel_select(None)),
        *_failed(state.failed),
        footer(f"Installed: {pools}"),
    )


def _problems(settings: DailySettings, check: Check) -> str:
    lines = [f"⚠️ {text}" for text in check.blocking] + [f"▫️ {text}" for text in check.limiting]
    if settings.fault:
        lines.insert(0, f"⚠️ The last post failed: {plain(settings.fault)}. It is tried again at the next time.")
    return "\n".join(lines) or "✅ The bot has every permission it needs there."


def _channel_select(settings: DailySettings | None) -> ui.ChannelSelect[ui.LayoutView]:
    chosen = (
        [discord.SelectDefaultValue(id=settings.channel_id, type=discord.SelectDefaultValueType.channel)]
        if settings
        else []
    )
    return ui.ChannelSelect(
        custom_id="setup:channel",
        placeholder="Channel for the daily question",
        channel_types=[discord.ChannelType.text, discord.ChannelType.news],
        default_values=chosen,
    )


def _select(custom_id: str, placeholder: str, options: list[discord.SelectOption]) -> ui.Select[ui.LayoutView]:
    return ui.Select(custom_id=custom_id, placeholder=placeholder, options=options[:25])


def _time_select(settings: DailySettings) -> ui.Select[ui.LayoutView]:
    minutes = sorted({*range(0, 24 * 60, 60), settings.minute})
    return _select(
        "setup:time",
        "Time of day",
        [
            discord.SelectOption(
                label=f"Posts at {clock(minute)} ({half_day(minute)})",
                value=str(minute),
                default=minute == settings.minute,
            )
            for minute in minutes
        ],
    )


def _zone_select(settings: DailySettings) -> ui.Select[ui.LayoutView]:
    zones = list(dict.fromkeys([settings.zone, *COMMON_ZONES]))
    return _select(
        "setup:zone",
        "Time zone",
        [discord.SelectOption(label=f"Zone {zone}", value=zone, default=zone == settings.zone) for zone in zones],
    )


def _exam_select(state: Panel, settings: DailySettings) -> ui.Select[ui.LayoutView]:
    return _select(
        "setup:exam",
        "Exam",
        [
            discord.SelectOption(
                label=f"For {exam.name} ({exam.issuer})",
                value=exam.id,
                description=f"{count} questions",
                default=exam.id == settings.exam,
            )
            for exam, count in state.exams
        ],
    )


def _reveal_select(settings: DailySettings) -> ui.Select[ui.LayoutView]:
    return _select(
        "setup:reveal",
        "Reveal",
        [
            discord.SelectOption(
                label="Reveal when the next question is posted"
                if hours is None
                else f"Reveal {hours} h after the post",
                value=str(hours or 0),
                default=hours == settings.reveal_hours,
            )
            for hours in sorted({*REVEALS, settings.reveal_hours}, key=lambda hours: hours or 0)
        ],
    )


def _role_select(settings: DailySettings) -> ui.RoleSelect[ui.LayoutView]:
    chosen = (
        [discord.SelectDefaultValue(id=settings.role_id, type=discord.SelectDefaultValueType.role)]
        if settings.role_id
        else []
    )
    return ui.RoleSelect(
        custom_id="setup:role", placeholder="Role to ping (none)", min_values=0, max_values=1, default_values=chosen
    )


def _flagged(flagged: tuple[Flagged, ...]) -> list[Child]:
    if not flagged:
        return []
    return [
        line(),
        row(
            _select(
                "setup:flag",
                f"Reported questions to decide about: {len(flagged)}",
                [
                    discord.SelectOption(
                        label=f"{entry.item_id}: {plural(entry.flags, 'report')}",
                        value=entry.item_id,
                        description="out of use until you decide" if entry.withdrawn else "in use",
                    )
                    for entry in flagged
                ],
            )
        ),
    ]


def _failed(count: int) -> list[Child]:
    if not count:
        return []
    return [
        line(),
        f"▫️ In the last {DAYS} days {plural(count, 'message')} of this server did not go out.",
        row(button("What failed, and how to mend it", "setup:failed:0")),
    ]


def form(settings: DailySettings) -> ui.Modal:
    """The form for what the selects don't offer."""
    modal = ui.Modal(title="Time and zone", custom_id="setup:form:save")
    modal.add_item(
        ui.Label(
            text="Time of day",
            description="09:00, 9 am, 17:30",
            component=ui.TextInput(custom_id="time", default=clock(settings.minute), max_length=10),
        )
    )
    modal.add_item(
        ui.Label(
            text="Time zone",
            description="A name such as America/New_York or Europe/London",
            component=ui.TextInput(custom_id="zone", default=settings.zone, max_length=40),
        )
    )
    return modal


def decision(
    item_id: str, item: Item | None, flagged: Flagged | None, guild_id: int, delivery_id: int = 0
) -> ui.LayoutView:
    """A reported item, with its key and why it was reported, for an organiser to decide."""
    body = (
        f"{plain(item.stem)}\n"
        + "\n".join(f"{'✅' if option.correct else '▫️'} {plain(option.text)}" for option in item.options)
        if item
        else "It is no longer among the installed questions."
    )
    reasons = "\n".join(f"▫️ {plain(reason)}" for reason in (flagged.reasons if flagged else ()))
    status = (
        "It is **out of use** in your server until you decide." if flagged and flagged.withdrawn else "It is in use."
    )
    keep, drop = f"flag:keep:{guild_id}:{item_id}", f"flag:drop:{guild_id}:{item_id}"
    if delivery_id:
        keep, drop = mark(keep, delivery_id), mark(drop, delivery_id)
    return layout(
        f"### Reported question {plain(item_id)}",
        f"Reported by {len(flagged.reasons) if flagged else 0}:\n{reasons}\n{status}",
        line(),
        body,
        footer(plain(item.reference), f"checked {item.as_of.isoformat()}") if item else "",
        row(
            button("Keep it in use", keep, discord.ButtonStyle.success),
            button("Withdraw it here", drop, discord.ButtonStyle.danger),
        ),
        accent=AMBER,
    )


def notice(entry: Notice, server: str, delivery_id: int) -> ui.LayoutView:
    """The private message to the organiser who set the server up."""
    if entry.flagged is not None:
        return decision(entry.flagged.item_id, entry.item, entry.flagged, entry.guild_id, delivery_id)
    return layout(
        "### The daily question could not be posted",
        f"In **{plain(server)}**, <#{entry.channel_id}>: {plain(entry.fault)}. It is tried again at the next time of day. "
        "Open /setup there to see what is missing, or choose another channel.",
        row(button("What is /setup?", mark("setup:help", delivery_id))),
        accent=AMBER,
    )


def fallback_notice(delivery_id: int) -> ui.LayoutView:
    """The same in the server's channel, without what is private."""
    return layout(
        "A note for the organisers of this server: something needs your decision. Open /setup to see it.",
        footer("Sent here because no organiser could be reached in private."),
        row(button("What is /setup?", mark("setup:help", delivery_id))),
        accent=AMBER,
    )
