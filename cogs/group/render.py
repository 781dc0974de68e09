"""How study groups look: the list, one group, and what somebody who joins or leaves is told."""

from datetime import date

import discord
from discord import ui

from bot.core.groups import Goal, GoalKind, Group, Joining, Member, Week
from bot.core.phrases import first_of, listed
from bot.services.groups import Info, Listing, Outcome
from cogs.ui.layout import AMBER, GREEN, GREY, RED, Child, button, day, footer, layout, note, plain, plural, row
from cogs.ui.paging import turning

PAGE = 10
"""Groups on a page of the list."""

NAMED_AT_MOST = 40
"""Members that a page names."""

SESSIONS_SHOWN = 5
"""Sessions to come that a page lists; the field under them has all."""

HOW = {
    Joining.OPEN: "open to everybody",
    Joining.REQUEST: "on request",
    Joining.INVITATION: "by invitation",
}
COUNTED = {GoalKind.ANSWERS: "answer", GoalKind.DAYS: "active day"}


def select(custom_id: str, placeholder: str, options: list[discord.SelectOption]) -> ui.Select[ui.LayoutView]:
    return ui.Select(custom_id=custom_id, placeholder=placeholder, options=options[:25])


def goal_text(goal: Goal) -> str:
    return f"{plural(goal.number, COUNTED[goal.kind])} a week"


def progress(week: Week) -> str:
    """How far a week has come: 43 of 60 answers."""
    if week.goal is None:
        return "no goal this week"
    done = min(week.reached * 10 // week.goal.number, 10)
    share = f"{week.reached} of {plural(week.goal.number, COUNTED[week.goal.kind])}"
    return f"{'▰' * done}{'▱' * (10 - done)}  {share}{', goal met ✅' if week.met else ''}"


def streak_text(weeks: int) -> str:
    return f"{plural(weeks, 'week')} in a row with the goal met" if weeks else ""


# -- the list --------------------------------------------------------------------------------------------------


def listing(found: Listing, page: int = 0) -> ui.LayoutView:
    """The groups of a server, ten on a page, with what the reader can do about each."""
    if not found.groups:
        return layout(
            "### Study groups",
            "There are none in this server yet. `/group create` opens the first: all it needs is a name.",
            accent=GREY,
        )
    pages = (len(found.groups) + PAGE - 1) // PAGE
    page = max(0, min(page, pages - 1))
    shown = found.groups[page * PAGE : (page + 1) * PAGE]
    joinable = [
        group
        for group in shown
        if group.id not in found.mine | found.asked
        and group.joining is not Joining.INVITATION
        and group.members < found.limits.members
    ]
    rows: list[Child] = []
    if joinable:
        options = [
            discord.SelectOption(label=group.name, value=str(group.id), description=f"Joining: {HOW[group.joining]}")
            for group in joinable
        ]
        rows.append(row(select("group:join", "Join a group", options)))
    about = [discord.SelectOption(label=group.name, value=str(group.id)) for group in shown]
    rows.append(row(select("group:info", "More about a group", about)))
    if turns := turning(page, pages, lambda number: f"group:list:{number}"):
        rows.append(row(*turns))
    return layout(
        "### Study groups",
        "\n".join(_listed(group, found) for group in shown),
        *rows,
        footer(f"{len(found.groups)} of {plural(found.limits.groups, 'group')} at most", "/group create opens one"),
    )


def _listed(group: Group, found: Listing) -> str:
    own = "✅ you are in" if group.id in found.mine else "you asked to join" if group.id in found.asked else ""
    full = "full" if group.members >= found.limits.members else ""
    parts = [
        group.exam.upper(),
        f"{group.members} of {found.limits.members} members",
        HOW[group.joining],
        f"target {day(group.target_date)}" if group.target_date else "",
        full,
        own,
    ]
    return f"**{plain(group.name)}**  " + " · ".join(part for part in parts if part)


# -- one group -------------------------------------------------------------------------------------------------


def info(page: Info, *, organiser: bool) -> ui.LayoutView:
    group, week = page.group, page.standing.week
    facts = [
        plain(page.exam),
        _target(group.target_date, page.today),
        f"joining {HOW[group.joining]}",
        f"messages in <#{group.place_id}>",
        f"role <@&{group.role_id}>" if group.role_id else "",
    ]
    parts: list[Child] = [f"### {plain(group.name)}", " · ".join(fact for fact in facts if fact)]
    if week is not None:
        parts.append(f"**This week**  {progress(week)}\n{footer(streak_text(page.standing.streak))}".strip())
    parts.append(f"**Members**  {group.members} of {page.limits.members}\n{names(page.members)}")
    if page.upcoming:
        soon = [f"<t:{m.starts_at}:F>  {plain(m.title)}" for m in page.upcoming[:SESSIONS_SHOWN]]
        more = len(page.upcoming) - SESSIONS_SHOWN
        parts.append("\n".join(["**Next sessions**", *soon, *([f"and {more} more below"] if more > 0 else [])]))
    if page.past:
        came = (f"<t:{m.starts_at}:D>  {plain(m.title)}: {count} came" for m, count in page.past)
        parts.append("**Last sessions**\n" + "\n".join(came))
    if organiser or page.own is not None:
        parts.append(troubles([plain(text) for text in (group.fault, group.unsent) if text]))
    if page.upcoming:
        sessions = [
            discord.SelectOption(label=m.title, value=str(m.id), description=f"{m.minutes} minutes")
            for m in page.upcoming
        ]
        parts.append(row(select("meeting:show", "A session: say that you come, or call it off", sessions)))
    parts.append(row(*_own_buttons(page, organiser=organiser)))
    if page.own is not None and not page.own.shown:
        parts.append(footer("You are counted here and named to nobody else, as you chose in /privacy visibility"))
    return layout(*parts)


def _own_buttons(page: Info, *, organiser: bool) -> list[ui.Button[ui.LayoutView]]:
    group, buttons = page.group, list[ui.Button[ui.LayoutView]]()
    if page.own is not None:
        buttons.append(button("Leave", f"group:leave:{group.id}"))
    elif page.asked:
        buttons.append(button("Take my request back", f"group:back:{group.id}"))
    elif group.joining is not Joining.INVITATION:
        label = "Ask to join" if group.joining is Joining.REQUEST else "Join"
        full = group.members >= page.limits.members
        buttons.append(button(label, f"group:join:{group.id}", discord.ButtonStyle.primary, disabled=full))
    if organiser or (page.own is not None and page.own.owner):
        waiting = f" ({plural(len(page.requests), 'request')})" if page.requests else ""
        buttons.append(button(f"Manage{waiting}", f"group:manage:{group.id}"))
    return [*buttons, button("All groups", "group:list:0")]


def names(members: tuple[Member, ...]) -> str:
    """The members who may be named, the owner first, and how many may not."""
    shown = [f"<@{m.user_id}>{' (owner)' if m.owner else ''}" for m in members if m.shown]
    return people(shown, len(members) - len(shown))


def people(named: list[str], unnamed: int) -> str:
    """Ana, Ben and 2 who prefer not to be named."""
    hidden = [f"{unnamed} who prefer{'s' if unnamed == 1 else ''} not to be named"] if unnamed else []
    return listed([*first_of(named, NAMED_AT_MOST), *hidden])


def _target(when: date | None, today: date) -> str:
    if when is None:
        return ""
    left = (when - today).days
    return f"target date {day(when)}" + (
        f" (in {plural(left, 'day')})" if left > 0 else " (today)" if left == 0 else ""
    )


# -- joining and leaving ---------------------------------------------------------------------------------------


def created(group: Group, missing: list[str]) -> ui.LayoutView:
    """The reply to /group create; `missing` says what Discord did not allow."""
    invite = "" if group.joining is Joining.OPEN else " `/group invite` posts an invitation."
    return layout(
        f"### {plain(group.name)} is open",
        f"You own it. Joining: {HOW[group.joining]}.{invite} Its messages go to <#{group.place_id}>."
        + (f" Goal: {goal_text(group.goal)}." if group.goal else ""),
        troubles(missing),
        row(button("About this group", f"group:info:{group.id}"), button("Manage", f"group:manage:{group.id}")),
        footer("/group session plans a study session"),
        accent=AMBER if missing else GREEN,
    )


def troubles(missing: list[str]) -> str:
    return "\n".join(f"⚠️ {text}" for text in missing)


def outcome(group: Group, came: Outcome, missing: list[str]) -> ui.LayoutView:
    """The reply to somebody who wanted to join."""
    name = plain(group.name)
    match came:
        case Outcome.JOINED:
            text = f"### You are in {name}\nIts messages go to <#{group.place_id}>. What you answer from now on counts for the group."
        case Outcome.ALREADY:
            text = f"You are in {name} already. Its messages go to <#{group.place_id}>."
        case Outcome.ASKED:
            text = f"### You asked to join {name}\nIts owner sees who you are and decides; you get a message then."
        case Outcome.ASKED_BEFORE:
            text = f"You have asked to join {name} before; its owner has not decided yet."
    first = (
        button("Take my request back", f"group:back:{group.id}")
        if came in (Outcome.ASKED, Outcome.ASKED_BEFORE)
        else button("About this group", f"group:info:{group.id}")
    )
    return layout(text, troubles(missing), row(first), accent=AMBER if missing else GREEN)


def leaving(group: Group) -> ui.LayoutView:
    """What an owner is asked before they leave."""
    follows = (
        "whoever has been in it longest owns it then. Or hand it over yourself in /group manage first."
        if group.members > 1
        else "nobody is left in it, so it is closed."
    )
    return layout(
        f"### Leave {plain(group.name)}?",
        f"You own it. When you leave, {follows}",
        row(
            button("Leave", f"group:leave:yes:{group.id}", discord.ButtonStyle.danger),
            button("Stay", f"group:info:{group.id}"),
        ),
        accent=RED,
    )


def left(group: Group, missing: list[str]) -> ui.LayoutView:
    closed = "" if group.is_open else " Nobody is left in it, so it is closed."
    return layout(
        f"You have left {plain(group.name)}.{closed} Your answers stay yours, and count for it no more.",
        troubles(missing),
        row(button("All groups", "group:list:0")),
        accent=GREY,
    )


def invitation(group: Group, expires_at: int, invited_id: int | None) -> ui.LayoutView:
    """A public message by which people can join."""
    to = f"<@{invited_id}>, you are invited" if invited_id else "You are invited"
    about = [group.exam.upper(), f"target {day(group.target_date)}" if group.target_date else "", plural(group.members, "member")]  # fmt: skip
    return layout(
        f"### Study group: {plain(group.name)}",
        f"{to} to study together. " + " · ".join(part for part in about if part),
        row(
            button("Join", f"group:invited:{group.id}:{expires_at}:{invited_id or 0}", discord.ButtonStyle.primary),
            button("About this group", f"group:info:{group.id}"),
        ),
        footer(f"Holds until <t:{expires_at}:f>"),
    )


def took_back() -> ui.LayoutView:
    return note("Done: you no longer ask to join. /group list shows all groups.")
