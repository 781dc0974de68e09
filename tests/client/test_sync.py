"""Commands are registered when they changed, and only then."""

import discord
from simcord import Env

from bot.app import Services
from bot.client import StudyBot


def syncs(env: Env) -> int:
    return len([call for call in env.http_requests if call.method == "PUT" and call.path.endswith("/commands")])


async def test_commands_are_registered_once_and_again_after_a_change(services: Services) -> None:
    env = Env(StudyBot(services, shard_count=1, deliver=False))
    await env.start()
    try:
        assert syncs(env) == 1
        await env.restart_bot(StudyBot(services, shard_count=1, deliver=False))
        assert syncs(env) == 1
        changed = StudyBot(services, shard_count=1, deliver=False)

        @changed.tree.command(name="new", description="Something new")
        async def new(interaction: discord.Interaction) -> None: ...

        await env.restart_bot(changed)
        assert syncs(env) == 2
    finally:
        await env.shutdown()
