"""What people should read when something about their practice can't be done."""

from bot.core.errors import UserError


class SessionUnknown(UserError):
    """This practice session is no longer stored here. /quiz resume shows your last one, /quiz start begins a new one."""


class NoSession(UserError):
    """You have no practice session yet. /quiz start begins one."""


class NothingToAsk(UserError):
    """There is no question on {wishes} to practise right now. {advice}"""


class NothingToRedo(UserError):
    """The questions you missed can't be asked right now: they wait for you as a daily question, or were taken out of use.
    /quiz start finds others."""


class SharedAlready(UserError):
    """This result was shared before; once is enough."""


class HiddenFromOthers(UserError):
    """You chose to be hidden from others, so nothing was shared. /privacy visibility changes that."""
