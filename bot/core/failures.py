"""Messages that never went out, in words: what each kind is called, and for each reason how to mend it and what follows.

For the organisers of a server and for the operator alike.
"""

from dataclasses import dataclass

from bot.core.deliveries import DAY, DMS_CLOSED, NO_SERVER, Kind

SHOWN_FOR = 14 * DAY
"""Seconds for which the organisers of a server are told of a message that did not go out. What is settled is kept for
longer (`bot.services.daily.FORGET_AFTER`)."""


@dataclass(frozen=True, slots=True)
class Words:
    """What one message of a kind and several are called; where they go; where else they could; what follows when one
    does not arrive. `private` kinds are a learner's own affair: nobody in a server is told of them."""

    one: str
    many: str
    place: str
    elsewhere: str
    follows: str
    private: bool = False


_DAILY = ("in the channel of the daily question", "choose another channel in /setup")
_LIVE = ("in the round's channel", "start the next round in another channel")
_GROUP = (
    "in the group's channel or thread",
    "open the group anew in another channel with /group create and close the old one",
)
_OWN = ("in direct messages", "choose the server in /remind settings")

WORDS = {
    Kind.DAILY_POST: Words("daily question", "daily questions", *_DAILY, "the next one comes at its time"),
    Kind.REVEAL: Words(
        "reveal of a daily question", "reveals of daily questions", *_DAILY, "/daily shows past questions with their keys"
    ),
    Kind.NOTICE: Words(
        "note to the organiser", "notes to the organiser", *_DAILY, "/setup shows what is left to decide or to mend"
    ),
    Kind.SEASON: Words("result of a month", "results of a month", *_DAILY, "/board shows that month"),
    Kind.LIVE_QUESTION: Words(
        "question of a live round", "questions of live rounds", *_LIVE, "the round ended, and what was closed before counts"
    ),
    Kind.LIVE_CLOSE: Words(
        "key of a live question", "keys of live questions", *_LIVE, "what was closed before counts"
    ),
    Kind.LIVE_RESULT: Words(
        "result of a live round", "results of live rounds", *_LIVE, "what was closed counts all the same"
    ),
    Kind.GROUP_NOTICE: Words(
        "note to somebody in a study group", "notes to people in study groups", *_GROUP, "/group info shows how things stand"
    ),
    Kind.GROUP_WEEK: Words(
        "weekly message of a study group", "weekly messages of study groups", *_GROUP, "the next one comes on Monday"
    ),
    Kind.MEETING: Words(
        "announcement of a study session", "announcements of study sessions", *_GROUP, "/group info shows what is planned"
    ),
    Kind.MEETING_REMINDER: Words(
        "reminder of a study session", "reminders of study sessions", *_GROUP, "/group info shows what is planned"
    ),
    Kind.MEETING_END: Words(
        "end of a study session", "ends of study sessions", *_GROUP, "only the session's message stays as it was"
    ),
    Kind.GROUP_DATE: Words(
        "reminder of a group's target date", "reminders of groups' target dates", *_GROUP, "the next one comes at its time"
    ),
    Kind.UNREACHED: Words(
        "word to a member whose direct messages are closed",
        "words to members whose direct messages are closed",
        *_DAILY,
        "/remind settings tells a member how to be reached",
    ),
    Kind.EXAM_REMINDER: Words(
        "reminder of an exam", "reminders of exams", *_OWN, "/exam list shows the learner when the next one comes", private=True
    ),
    Kind.PLAN_WEEK: Words(
        "weekly message of a study plan", "weekly messages of study plans", *_OWN, "/exam plan shows the learner the week",
        private=True,
    ),
    Kind.CEU: Words("message about CEUs", "messages about CEUs", *_OWN, "/ceu status shows the learner what is missing", private=True),
}  # fmt: skip

OF_SERVERS = tuple(kind for kind, words in WORDS.items() if not words.private)
"""The kinds of which a server's organisers are told."""

_NOTHING = "nothing needs mending"
_MENDS = {
    "no access to the channel": "give the bot View Channel {there}, or {elsewhere}",
    "permission missing": "give the bot View Channel, Send Messages and Send Messages in Threads {there}, or {elsewhere}",
    "channel gone": "{elsewhere}",
    "can't read the history to see if it was sent": "give the bot Read Message History {there}, so that it can see what arrived before it sends again",
    DMS_CLOSED: "whoever it was for allows direct messages in the server's privacy settings",
    "exam unknown": "choose another exam in /setup, since that one is no longer installed",
    "no questions": "decide about the reported questions in /setup, or choose another exam there",
    "message gone": f"somebody deleted its message, so {_NOTHING}",
    NO_SERVER: f"whoever it was for has left, so {_NOTHING}",
    "user gone": f"the account it was for is gone, so {_NOTHING}",
    "server gone": f"the bot was not in this server then, so {_NOTHING}",
    "too late": f"the bot or Discord was out of reach for longer than it was useful, so {_NOTHING}",
}
_UNFORESEEN = "look whether the bot may view the channel and send messages {there}, and tell whoever runs the bot if it happens again"

KNOWN = frozenset(_MENDS)
"""The reasons with a way of their own to mend them: those of `bot.client.courier.REASONS`, and the bot's own."""


def called(kind: Kind, count: int) -> str:
    """That many messages of a kind."""
    words = WORDS[kind]
    return f"{count} {words.one if count == 1 else words.many}"


def mend(kind: Kind, reason: str, there: str = "") -> str:
    """A sentence on how to mend what kept messages of a kind from going out, and what follows from it. `there` is the
    place as it is to be named, where it is known: "in #daily"."""
    words = WORDS[kind]
    way = _MENDS.get(reason, _UNFORESEEN).format(there=there or words.place, elsewhere=words.elsewhere)
    return f"{way[0].upper()}{way[1:]}; {words.follows}."
