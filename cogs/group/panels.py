"""How the panels look by which groups are run: /group manage and /group limits."""

import discord
from discord import ui

from bot.core.groups import LIMIT_CHOICES, Creators, Goal, Group, Limits
from bot.core.groups import NAME_AT_MOST as NAME_LENGTH
from bot.services.groups import Info
from cogs.group.render import HOW, goal_text, select, troubles
from cogs.ui.layout import AMBER, BLUE, RED, Child, button, day, footer, layout, line, plain, plural, row

REQUESTS_SHOWN = 3


def manage(page: Info, missing: list[str] | None = None, *, roles: bool, said: str = "") -> ui.LayoutView:
    """The panel of a group's owner; `roles` where they may hand out roles in this server, `said` what was just done."""
    group = page.group
    facts = [
        plain(page.exam) or "no exam",
        f"target date {day(group.target_date)}" if group.target_date else "no target date",
        f"goal {goal_text(group.goal)}" if group.goal else "no goal",
        f"{group.members} of {page.limits.members} members",
        f"messages in <#{group.place_id}>",
        f"role <@&{group.role_id}>" if group.role_id else "no role",
    ]
    faults = [text for text in (*(missing or [group.fault]), group.unsent) if text]
    buttons = [button("Name, exam, date, goal", f"group:form:{group.id}", discord.ButtonStyle.primary)]
    if group.thread_id is None:
        buttons.append(button("Make a private thread", f"group:thread:{group.id}"))
    buttons.append(button("About this group", f"group:info:{group.id}"))
    if group.members > 1:
        buttons.append(button("Take out who left the server", f"group:tidy:{group.id}"))
    buttons.append(button("Close the group", f"group:close:{group.id}", discord.ButtonStyle.danger))
    joining = [
        discord.SelectOption(label=f"Joining: {text}", value=how.value, default=how is group.joining)
        for how, text in HOW.items()
    ]
    return layout(
        said,
        f"### Manage {plain(group.name)}",
        " · ".join(facts),
        troubles([plain(fault) for fault in faults]),
        *_requests(page),
        line(),
        row(*buttons),
        row(select(f"group:joining:{group.id}", "How people join", joining)),
        row(_person(f"group:hand:{group.id}", "Hand it over to a member")),
        row(_person(f"group:remove:{group.id}", "Take a member out")),
        *([row(_role(group))] if roles else []),
        footer("Changes are saved at once"),
        accent=AMBER if faults else BLUE,
    )


def _requests(page: Info) -> list[Child]:
    if not page.requests:
        return []
    parts: list[Child] = [line(), f"**{plural(len(page.requests), 'request')} to decide about**"]
    for request in page.requests[:REQUESTS_SHOWN]:
        parts.append(f"<@{request.user_id}>, <t:{request.asked_at}:R>")
        parts.append(
            row(
                button("Accept", f"group:decide:yes:{request.id}", discord.ButtonStyle.success),
                button("Decline", f"group:decide:no:{request.id}", discord.ButtonStyle.danger),
            )
        )
    more = len(page.requests) - REQUESTS_SHOWN
    return [*parts, *([footer(f"{more} more come up when these are decided")] if more > 0 else [])]


def _person(custom_id: str, placeholder: str) -> ui.UserSelect[ui.LayoutView]:
    return ui.UserSelect(custom_id=custom_id, placeholder=placeholder)


def _role(group: Group) -> ui.RoleSelect[ui.LayoutView]:
    chosen = (
        [discord.SelectDefaultValue(id=group.role_id, type=discord.SelectDefaultValueType.role)]
        if group.role_id
        else []
    )
    return ui.RoleSelect(
        custom_id=f"group:role:{group.id}",
        placeholder="Role for its members (none)",
        min_values=0,
        max_values=1,
        default_values=chosen,
    )


def form(group: Group) -> ui.Modal:
    modal = ui.Modal(title="Study group", custom_id=f"group:edit:{group.id}")
    fields = (
        ("name", "Name", "", group.name, NAME_LENGTH, True),
        ("exam", "Exam", "Such as cpc; empty for none", group.exam, 40, False),
        ("target", "Target date", "2026-12-01; empty for none", group.target_date.isoformat() if group.target_date else "", 20, False),
        ("goal", "Weekly goal", "60 answers, or 12 days on which members answer; empty for none", _goal(group.goal), 40, False),
    )  # fmt: skip
    for custom_id, text, description, default, longest, required in fields:
        modal.add_item(
            ui.Label(
                text=text,
                description=description or None,
                component=ui.TextInput(
                    custom_id=custom_id, default=default or None, max_length=longest, required=required
                ),
            )
        )
    return modal


def _goal(goal: Goal | None) -> str:
    return f"{goal.number} {goal.kind.value}" if goal else ""


def closing(group: Group) -> ui.LayoutView:
    return layout(
        f"### Close {plain(group.name)}?",
        f"Its {plural(group.members, 'member')} leave it, its planned sessions are called off, and it stands on no board any "
        "more. What was answered stays with whoever answered it. This can't be undone.",
        row(
            button("Close it", f"group:close:yes:{group.id}", discord.ButtonStyle.danger),
            button("Keep it", f"group:manage:{group.id}"),
        ),
        accent=RED,
    )


def closed(group: Group, missing: list[str]) -> ui.LayoutView:
    return layout(
        f"{plain(group.name)} is closed.",
        troubles(missing),
        row(button("All groups", "group:list:0")),
        accent=AMBER if missing else BLUE,
    )


def limits(found: Limits) -> ui.LayoutView:
    """What organisers allow. Lowering a number takes nothing away from groups that are there."""
    values = {"groups": found.groups, "owned": found.owned, "joined": found.joined, "members": found.members}
    said = {
        "groups": "{} in this server",
        "owned": "{} owned by one learner",
        "joined": "One learner is in {}",
        "members": "{} members in a group",
    }
    rows = [
        row(
            select(
                f"group:limit:{name}",
                said[name].format("…"),
                [
                    discord.SelectOption(
                        label="At most: " + said[name].format(_groups(name, number)),
                        value=str(number),
                        default=number == value,
                    )
                    for number in sorted({*LIMIT_CHOICES[name], value})
                ],
            )
        )
        for name, value in values.items()
    ]
    creators = [
        discord.SelectOption(label=text, value=who.value, default=who is found.creators)
        for who, text in (
            (Creators.EVERYONE, "Everybody may create groups"),
            (Creators.ORGANISERS, "Only organisers (Manage Server) create groups"),
        )
    ]
    return layout(
        "### Limits for study groups",
        "They keep the server tidy. A lower number takes nothing away from groups that are there already.",
        *rows,
        row(select("group:creators", "Who may create groups", creators)),
        footer("Changes are saved at once"),
    )


def _groups(name: str, number: int) -> str:
    return str(number) if name == "members" else plural(number, "group")


def handed_over(group: Group) -> ui.LayoutView:
    return layout(
        f"<@{group.owner_id}> owns {plain(group.name)} now. You are a member still.",
        row(button("About this group", f"group:info:{group.id}")),
    )


def removed(group: Group, user_id: int, missing: list[str]) -> ui.LayoutView:
    closed = "" if group.is_open else " Nobody is left in it, so it is closed."
    return layout(
        f"<@{user_id}> is in {plain(group.name)} no more.{closed}",
        troubles(missing),
        row(button("All groups", "group:list:0")),
        accent=AMBER if missing else BLUE,
    )
