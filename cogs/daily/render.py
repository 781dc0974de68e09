"""How the daily question looks: core types in, views out."""

from collections.abc import Sequence

import discord
from discord import ui

from bot.client.courier import mark
from bot.core.asked import Distribution
from bot.core.daily import Answered, Round
from bot.core.streaks import Streak
from bot.services.daily import Post
from cogs.ui.layout import (
    AMBER,
    BLUE,
    GREEN,
    GREY,
    Child,
    button,
    footer,
    gap,
    layout,
    line,
    plain,
    plural,
    prepared,
    row,
)
from cogs.ui.pictures import distribution_alt
from cogs.ui.question import answer_row, paper, rationales, sourced, stem_beside, verdict


def day_name(round_: Round) -> str:
    return f"{round_.local_date:%A} {round_.local_date.day} {round_.local_date:%B}"


def _url(round_: Round) -> str | None:
    if round_.message_id is None:
        return None
    return f"https://discord.com/channels/{round_.guild_id}/{round_.channel_id}/{round_.message_id}"


def _answer_row(round_: Round) -> ui.ActionRow[ui.LayoutView]:
    return answer_row(
        round_.asked,
        mark(f"choose:{round_.id}", round_.delivery_id),
        lambda letter: mark(f"answer:{round_.id}:{letter}", round_.delivery_id),
    )


def question(post: Post, areas: Sequence[str], *, count: int = 0, practice: bool = False) -> ui.LayoutView:
    """The post of an open round, or, with `practice`, a past round shown privately to somebody who missed it."""
    round_ = post.round
    if practice:
        small = [footer("Practice: this round is over, so it scores nothing.")]
    else:
        small = [
            footer(
                "One try each; only you see your result",
                f"reveal <t:{round_.reveal_at}:R>" if round_.reveal_at else "",
                f"{plural(count, 'answer')} so far" if count else "",
            )
        ]
    if round_.late and not practice:
        small.append(footer("Posted late."))
    return paper(
        round_.item,
        round_.order,
        areas,
        _answer_row(round_),
        heading=f"### Question {round_.number} · {day_name(round_)}",
        small=small,
        tail=_yesterday(post),
        accent=GREY if practice else BLUE,
        above=f"<@&{post.role_id}>" if post.role_id else "",
    )


def _yesterday(post: Post) -> str:
    previous, outcome = post.previous, post.previous_outcome
    if previous is None or outcome is None or _url(previous) is None:
        return ""
    right = f"{outcome.accuracy:.0%} right of {outcome.total}" if outcome.accuracy is not None else "no answers"
    return footer(f"Question {previous.number}: the key was {previous.key}, {right}. [See why]({_url(previous)})")


def streak_text(streak: Streak) -> str:
    if streak.current == 0:
        return "no streak yet" if streak.longest == 0 else f"streak 0, longest {streak.longest}"
    held = f", {plural(streak.freezes, 'freeze')} held" if streak.freezes else ""
    return f"streak {streak.current}{held}"


def answered_fast(result: Answered) -> ui.LayoutView:
    """The reply below a post, where it must be quick: the same as `answered`, built once for all who get the same."""
    round_, answer = result.round, result.answer
    about = (round_.id, round_.guild_id, round_.seed, round_.item.digest)
    given = (answer.chosen, answer.guessed, answer.late, answer.points, result.streak, result.new)
    return prepared((about, given), lambda: answered(result))


def answered(result: Answered, *, with_stem: bool = False) -> ui.LayoutView:
    """The private reply to an answer; `with_stem` where the question is not in sight and there is room for it."""
    answer = result.answer
    if answer.late:
        worth = "Practice after the reveal: no points, and your streak is as it was."
    else:
        worth = f"**{answer.points} points** · {streak_text(result.streak)}"
    explained = rationales(result.round.options, answer.chosen)
    return layout(
        "" if result.new else "You have answered this one; your first answer stands.",
        f"### Question {result.round.number}: {verdict(result.round.asked, answer.chosen)}",
        worth,
        line(),
        stem_beside(result.round.item, explained) if with_stem else "",
        explained,
        line(),
        sourced(result.round.item),
        answer_buttons(result.round.id, guessed=answer.guessed, correct=answer.correct),
        accent=GREEN if answer.correct else AMBER,
    )


def answer_buttons(round_id: int, *, guessed: bool, correct: bool) -> ui.ActionRow[ui.LayoutView]:
    return row(
        button("Explain", f"explain:{round_id}"),
        button("Review later", f"review:{round_id}"),
        button("Noted: guessed" if guessed else "I guessed", f"guess:{round_id}", disabled=guessed or not correct),
        button("Report", f"report:{round_id}", discord.ButtonStyle.danger),
    )


def revealed(round_: Round, outcome: Distribution, areas: Sequence[str], picture: str) -> ui.LayoutView:
    """The post after the reveal; `picture` is the attachment's name, or empty when it can't be attached."""
    item = round_.item
    lines: list[str] = []
    for letter, option in round_.options:
        share = f" — {outcome.choices[letter]}" if outcome.total else ""
        lines.append(f"{'✅' if option.correct else '▫️'} **{letter}**  {plain(option.text)}{share}")
    why = [plain(option.rationale) for option in item.options if option.correct]
    gallery: Child = ""
    if picture and outcome.total:
        gallery = ui.MediaGallery(
            discord.MediaGalleryItem(f"attachment://{picture}", description=distribution_alt(outcome, round_.key))
        )
    summary = (
        f"**{outcome.accuracy:.0%} right on the first try** ({outcome.correct} of {outcome.total})"
        if outcome.accuracy is not None
        else "Nobody answered this one in time."
    )
    return layout(
        f"### Question {round_.number} · {day_name(round_)} · the key is {round_.key}",
        plain(item.stem),
        gap(),
        "\n".join(lines),
        line(),
        "**Why**  " + "\n".join(why),
        summary,
        gallery,
        footer(plain(" / ".join(areas)), item.difficulty.value),
        sourced(item),
        row(button("Every option explained", f"rationales:{round_.id}")),
        accent=GREEN,
    )


def discussion(round_: Round, delivery_id: int) -> ui.LayoutView:
    """What opens the discussion thread of a revealed round."""
    return layout(
        f"### Question {round_.number}: every option explained",
        rationales(round_.options),
        sourced(round_.item),
        "Saw it differently? Say why; the reference above settles it.",
        row(
            button("Explain", mark(f"explain:{round_.id}", delivery_id)),
            button("Report", f"report:{round_.id}", discord.ButtonStyle.danger),
        ),
        accent=GREY,
    )


def all_rationales(round_: Round, chosen: str) -> ui.LayoutView:
    return layout(
        f"### Question {round_.number}: the key is {round_.key}",
        rationales(round_.options, chosen),
        sourced(round_.item),
        row(
            button("Explain", f"explain:{round_.id}"),
            button("Review later", f"review:{round_.id}"),
            button("Report", f"report:{round_.id}", discord.ButtonStyle.danger),
        ),
        accent=GREEN,
    )
