"""Use cases: what the bot does, knowing nothing of Discord."""
