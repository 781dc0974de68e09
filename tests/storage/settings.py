"""Settings of a guild, for tests that need some."""

from dataclasses import replace
from typing import Any

from bot.core.daily import DailySettings
from tests.storage.rounds import GUILD


def make_settings(**changes: Any) -> DailySettings:
    """New York at nine for the CPC exam, but for `changes`."""
    return replace(DailySettings(GUILD, 20, 540, "America/New_York", "cpc", 99), **changes)
