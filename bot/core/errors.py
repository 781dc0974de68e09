"""Errors whose sentence a learner or organiser should read."""

from typing import Any


class UserError(Exception):
    """Something went wrong."""

    def __init__(self, **facts: Any) -> None:
        """`facts` fill the braces of the class's docstring, which is the sentence shown."""
        super().__init__(" ".join((type(self).__doc__ or "").format(**facts).split()))
        self.facts = facts


class RoundUnknown(UserError):
    """This question is no longer stored here. Use /daily to see today's."""


class RoundNotOpen(UserError):
    """This question was taken back before it opened, so it takes no answers. Nothing was lost; use /daily for today's."""


class ChoiceUnknown(UserError):
    """That option does not belong to this question. Press one of the buttons under it."""


class NoAnswerYet(UserError):
    """Answer the question first; then this button shows what you ask for."""


class SetupMissing(UserError):
    """The daily question is not set up in this server yet. Someone with Manage Server can do that with /setup."""


class ChannelFirst(UserError):
    """Choose the channel as well, once: /setup channel:#your-channel, with the time and the rest as you typed them."""


class PoolEmpty(UserError):
    """There are no questions for {exam} in the installed content, so nothing can be posted."""


class ZoneUnknown(UserError):
    """“{text}” is not a time zone here. Use a place, such as America/New_York or Europe/London (abbreviations like EST know
    no daylight saving); the field suggests some as you type."""


class TimeUnreadable(UserError):
    """“{text}” is not a time of day. Write it like 09:00, 9 am or 17:30."""


class ExamUnknown(UserError):
    """There is no exam “{text}” here. Nearest: {near}. The field suggests exams as you type."""


class ExamsAlike(UserError):
    """That is {exam} twice. Choose another exam to put beside it."""


class CodesMissing(UserError):
    """The code sets are not installed here yet. Whoever runs this bot can build them: python -m bot codes build"""


class CodeUnknown(UserError):
    """No installed code set has “{text}”, and nothing like it was found. Check the letters and digits, or describe it in
    words, such as “type 2 diabetes with neuropathy”."""


class DateUnreadable(UserError):
    """“{text}” is not a date of service. Write it like 2026-11-21 or 11/21/2026."""


class NotOneCodeSet(UserError):
    """“{text}” is not an ICD-10-CM code. Excludes and sequencing notes connect ICD-10-CM codes with one another; whether
    procedures go together is ruled by the NCCI edits, see /explain ncci."""


class ConceptUnknown(UserError):
    """There is no explanation of “{text}” here. Nearest: {near}. Fewer or other words may find more; the field suggests
    as you type."""


class ConceptGone(UserError):
    """This explanation is no longer here under that name. Type /explain to look for it."""


class QuestionChanged(UserError):
    """This question was changed since it was shown here, so an answer to it can't be judged any more. Use /explain and
    Quiz me on this for a new one."""


class CptNotHere(UserError):
    """“{text}” looks like a CPT code. CPT belongs to the American Medical Association and is not included here: look it up in
    your CPT book. The rules around it are in /explain."""


class DayUnreadable(UserError):
    """“{text}” is not a date. Write it like 2026-12-01, 12/1/2026, Dec 1 or in 6 weeks."""


class DayPast(UserError):
    """That day has gone by. Give a day from today on, such as 2027-03-14, or leave it out."""


class AreaUnknown(UserError):
    """{exam} has no area “{text}” with questions here. The field suggests its areas as you type."""


class BoardGroupUnknown(UserError):
    """There is no open study group of that name in this server. The field suggests them as you type; /group list shows all."""


class BoardWithoutGroup(UserError):
    """You are in no study group here, so there is no board of yours. Choose a group with the option group, or find one to
    join with /group list."""


class SeasonRoleUnfit(UserError):
    """That role can't be given to winners: {reason}. Choose another, or a new one that allows nothing."""


class PseudonymNotChosen(UserError):
    """You are not shown by a pseudonym, so there is none to change. Choose it with /privacy visibility."""
