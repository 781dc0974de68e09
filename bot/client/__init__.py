"""The Discord client: which cogs it has, how it connects, and how it stops."""

from bot.client.studybot import StudyBot

__all__ = ["StudyBot"]
