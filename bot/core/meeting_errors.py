"""What people should read when something about a study session can't be done."""

from bot.core.errors import UserError


class WhenUnreadable(UserError):
    """“{text}” is not a day and time. Write it like “2026-12-01 19:00”, “tomorrow 7 pm” or “Fri 19:30”."""


class WhenPast(UserError):
    """That is not between now and a year from now. Give a day and time to come, such as “tomorrow 7 pm”."""


class MinutesUnfit(UserError):
    """A study session lasts {least} to {most} minutes."""


class MeetingsEnough(UserError):
    """“{name}” has {most} study sessions planned, as many as a group may. Cancel one in /group info first, or wait until one is over."""


class MeetingGone(UserError):
    """This study session was cancelled or is not stored here any more. /group info shows those to come."""


class MeetingOver(UserError):
    """This study session is over, so nothing can be changed about it any more. /group info shows those to come."""


class MeetingNotYet(UserError):
    """You can say that you are there from 15 minutes before the start on: that is <t:{opens_at}:R>. Until then press I'm coming."""


class NotHost(UserError):
    """That is for the host of this study session, the group's owner, and people with the permission Manage Server."""
