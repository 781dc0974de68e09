"""The simulated server: its people, its channel, and some days of history made by the bot itself."""

from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import discord
from simcord import Env

from bot.app import Services
from bot.core.content import LETTERS
from bot.core.daily import DailySettings
from bot.demo.ahead import look_ahead
from bot.demo.company import Company

ZONE = "America/New_York"
DAYS_OF_HISTORY = 6
DAY = 86_400

# How often each learner answers, and how often rightly: a steady one, a strong newcomer, an irregular one.
LEARNERS = {"Ana": (1.0, 0.65), "Ben": (0.85, 0.45), "Chloe": (0.6, 0.9)}


@dataclass(frozen=True, slots=True)
class World:
    """Handles into the simulated server."""

    env: Env
    guild: Any
    channel: Any
    organiser: Any
    learners: tuple[Any, ...]

    @property
    def people(self) -> tuple[Any, ...]:
        return (self.organiser, *self.learners)


def start_clock(env: Env, now: float) -> None:
    """Set the simulated clock so that, after the days of history, it stands at `now`."""
    start = now - DAYS_OF_HISTORY * DAY
    env.backend.advance_clock(start - env.now().timestamp())


def build(env: Env) -> World:
    guild: Any = env.create_guild("Coding Study Group")
    channel = guild.create_text_channel("daily-question")
    managers = guild.create_role("Organisers", permissions=discord.Permissions(manage_guild=True))
    organiser = guild.add_member(env.create_user("olivia", global_name="Olivia (organiser)"), roles=[managers])
    learners = tuple(
        guild.add_member(env.create_user(name.lower(), global_name=f"{name} (learner)")) for name in LEARNERS
    )
    return World(env, guild, channel, organiser, learners)


async def live_through(world: World, services: Services, rng: Random) -> None:
    """Set the server up and let the days before today happen: the bot posts, learners press buttons, it reveals."""
    env = world.env
    # The post of today came some minutes ago: at the last full half hour.
    instant = env.now().timestamp()
    local = datetime.fromtimestamp(instant - instant % 1800, UTC)
    minute = _local_minute(local)
    exam = services.setup.exams()[0][0].id
    await services.setup.save(
        DailySettings(
            guild_id=world.guild.id,
            channel_id=world.channel.id,
            minute=minute,
            zone=ZONE,
            exam=exam,
            organiser_id=world.organiser.id,
        )
    )
    rightly = {learner: share for learner, (_, share) in zip(world.learners, LEARNERS.values(), strict=True)}
    company = Company(env, services, world.channel, rightly, rng)
    await company.found_groups()
    for day in range(1, DAYS_OF_HISTORY + 1):
        await env.advance_time(DAY)
        await company.practise(world.learners[day % len(world.learners)], 5)
        # Today's question is left for the visitor, but for one answer.
        today = day == DAYS_OF_HISTORY
        for learner, (often, share) in zip(world.learners, LEARNERS.values(), strict=True):
            if rng.random() < often and not (today and learner is not world.learners[-1]):
                await _answer(world, services, learner, rng.random() < share, rng)
        # The page shows one channel: the round was yesterday, so that today's question is the last thing in it.
        if day == DAYS_OF_HISTORY - 1:
            await company.play_live()
    await look_ahead(services, world.guild, world.organiser, world.learners, ZONE)


def _local_minute(moment: datetime) -> int:
    local = moment.astimezone(ZoneInfo(ZONE))
    return local.hour * 60 + local.minute


async def _answer(world: World, services: Services, learner: Any, rightly: bool, rng: Random) -> None:
    standing = await services.daily.standing(world.guild.id, learner.id)
    if standing.today is None or standing.today.message_id is None:
        return
    round_ = standing.today
    message = await world.env.bot.get_partial_messageable(world.channel.id).fetch_message(round_.message_id or 0)
    shown = LETTERS[: len(round_.item.options)]
    if round_.item.multiple:
        chosen = list(round_.key) if rightly else rng.sample(shown, len(round_.key))
        await learner.select(message, chosen, custom_id=f"choose:{round_.id}@{round_.delivery_id}")
        return
    wrong = [letter for letter in shown if letter not in round_.key]
    await learner.click(message, label=round_.key if rightly else rng.choice(wrong))
