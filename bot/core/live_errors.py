"""What people should read when something about a live round can't be done."""

from bot.core.errors import UserError


class LiveTooFew(UserError):
    """Only {available} questions can be asked for that, one rule never twice in a row, and {wanted} were wanted. A round has
    {fewest} at least: ask for fewer, choose another area, or leave the area out."""


class LiveRunning(UserError):
    """A live round is being played here: {link}. Join in, or start yours when it is over. Its host, or somebody with Manage
    Server, can end it with /quiz live."""


class LiveUnknown(UserError):
    """This live round is no longer stored here. Start another with /quiz live."""


class LiveNotAsked(UserError):
    """This question is not being asked in a live round now. Nothing was lost; look for the newest question below."""


class LiveNotHost(UserError):
    """Only the host of this live round, or somebody with Manage Server, can do that."""


class LiveNotHere(UserError):
    """You can't write in this channel, so you can't start a live round in it. Choose a channel or thread in which you may write."""


class LiveCantPost(UserError):
    """The bot can't post here ({reason}), so no live round was started. Somebody with Manage Channels can allow it View Channel
    and Send Messages here (in threads Send Messages in Threads); or start the round in another channel."""
