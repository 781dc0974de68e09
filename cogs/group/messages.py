"""How the messages look that groups are sent: the week with its goal, and notices to one person."""

import discord
from discord import ui

from bot.client.courier import mark
from bot.core.groups import GoalKind, Group
from bot.services.goals import WeekPost
from bot.services.group_dates import GroupDue
from bot.services.group_notices import About, GroupNotice
from cogs.group.render import COUNTED, goal_text, progress, streak_text, troubles
from cogs.ui.cited import cited
from cogs.ui.exam_facts import books, day_text
from cogs.ui.layout import AMBER, BLUE, GREEN, GREY, button, day, footer, layout, plain, plural, row


def week(post: WeekPost, delivery_id: int) -> ui.LayoutView:
    """The message of the week: what was, the streak, and what this week has come to so far."""
    before = ""
    if post.before is not None and post.before.goal is not None:
        label = "Last week" if post.adjoining else "The last week with a goal"
        result = f"{post.before.reached} of {plural(post.before.goal.number, COUNTED[post.before.goal.kind])}"
        before = f"{label}: {result}, {'goal met ✅' if post.before.met else 'goal not met'}."
    goal = post.week.goal
    return layout(
        f"### {plain(post.group.name)}: the week from {day(post.period.first)}",
        before,
        f"**Goal**  {goal_text(goal)}, all members together\n{progress(post.week)}" if goal else "No goal this week.",
        streak_text(post.streak),
        row(button("About this group", mark(f"group:info:{post.group.id}", delivery_id))),
        footer("Counted: first answers to daily questions, in live rounds and in practice in this server")
        if goal and goal.kind is GoalKind.ANSWERS
        else "",
        accent=GREEN if post.week.met else BLUE,
    )


def target_date(due: GroupDue, delivery_id: int) -> ui.LayoutView:
    """A reminder of the date that a group works towards. Its members' own dates are theirs alone."""
    when = {0: "today", 1: "tomorrow"}.get(due.days, f"in {plural(due.days, 'day')}")
    day = due.moment.day
    known = cited(books(due.sheet, day)) if due.sheet else None
    return layout(
        f"### {plain(due.group.name)}: the target date is {when}",
        f"{plain(due.sheet.exam.name)}, {day_text(day)}" if due.sheet else day_text(day),
        *(
            [known.text, known.small, footer(f"Confirm with {plain(due.sheet.exam.issuer)}")]
            if due.sheet and known and known.text
            else []
        ),
        row(button("About this group", mark(f"group:info:{due.group.id}", delivery_id))),
        footer("Your own date, with reminders that only you see: /exam set"),
    )


def notice(found: GroupNotice, server: str, delivery_id: int, *, public: bool = False) -> ui.LayoutView:
    """A message to one person; `public` where it stands in the group's place because they could not be reached."""
    group, request = found.group, found.request
    name = f"**{plain(group.name)}**"
    to = "You own" if not public else f"<@{found.to_id}> owns" if found.named else "Whoever has been in it longest owns"
    where = "" if public else f" in {plain(server)}"
    about = button("About this group", mark(f"group:info:{group.id}", delivery_id))
    match found.about:
        case About.REQUEST:
            asks = f"<@{request.user_id}>" if request and (found.named or not public) else "Somebody"
            number = request.id if request else 0
            return layout(
                "### Somebody asks to join",
                f"{asks} would like to join {name}{where}.",
                row(
                    button("Accept", mark(f"group:decide:yes:{number}", delivery_id), discord.ButtonStyle.success),
                    button("Decline", mark(f"group:decide:no:{number}", delivery_id), discord.ButtonStyle.danger),
                ),
                footer("For the group's owner" if public else "/group manage shows all requests"),
            )
        case About.DECIDED:
            accepted = request is not None and request.state == 1
            text = (
                f"You are in {name}{where}. Its messages go to <#{group.place_id}>."
                if accepted
                else f"{name}{where} can't take you in at this time. /group list there shows other groups."
            )
            return layout(text, row(about), accent=GREEN if accepted else GREY)
        case About.OWNER:
            return layout(
                f"{to} the study group {name}{where} now.",
                row(about),
                footer("/group manage there hands it over or closes it"),
            )
        case About.FAULT:
            return layout(
                f"### Something to mend in {plain(group.name)}",
                f"{plain(group.unsent)}. Its place is <#{group.place_id}>{where}: the bot needs View Channel, Send Messages and "
                "Send Messages in Threads there. It is tried again with the next message.",
                row(about),
                accent=AMBER,
            )


def decided(group: Group, who: str, missing: list[str], *, accepted: bool) -> ui.LayoutView:
    """What stands in the place of a request once it is decided."""
    text = f"{who} is in **{plain(group.name)}** now." if accepted else "Declined; they are told kindly."
    return layout(text, troubles(missing), accent=GREEN if accepted else GREY)
