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


class GroupUnknown(UserError):
    """There is no study group “{text}” in this server. /group list shows those there are; the field suggests them as you type."""


class GroupClosed(UserError):
    """This study group is closed. /group list shows those that are open, and /group create opens a new one."""


class GroupNameUnfit(UserError):
    """A group's name has {least} to {most} characters, with a letter or digit among them."""


class GroupNameTaken(UserError):
    """There is a study group “{name}” in this server already. Choose another name, or join that one with /group join."""


class GroupsFull(UserError):
    """This server has as many study groups as its organisers allow ({most}). Join one with /group join, or ask somebody with
    the permission Manage Server to change that with /group limits."""


class GroupFull(UserError):
    """“{name}” has as many members as the organisers of this server allow ({most}). Somebody with the permission Manage Server
    can change that with /group limits; /group list shows other groups."""


class OwnedEnough(UserError):
    """Learners of this server may own {most} of its study groups at a time. Hand one over or close it with /group manage first,
    or ask somebody with the permission Manage Server to change that with /group limits."""


class OwnsEnough(UserError):
    """{who} owns as many study groups as this server allows ({most}). Choose another member, or ask somebody with the permission
    Manage Server to change that with /group limits."""


class JoinedEnough(UserError):
    """Learners of this server may be in {most} of its study groups at a time. Leave one with /group leave first, or ask somebody with
    the permission Manage Server to change that with /group limits."""


class OrganisersCreate(UserError):
    """In this server the organisers create the study groups. Ask somebody with the permission Manage Server for one, or join
    one with /group join."""


class ByInvitation(UserError):
    """“{name}” takes people by invitation. Ask one of its members; its owner can post one with /group invite."""


class InvitationOver(UserError):
    """This invitation has run out: they hold seven days. Ask the group's owner for a new one, or see how to join in /group list."""


class NotInvited(UserError):
    """This invitation is for somebody else. /group list shows how to join the groups of this server."""


class NotGroupOwner(UserError):
    """That is for the owner of “{name}” and for people with the permission Manage Server."""


class NotGroupMember(UserError):
    """You are not in “{name}”. /group list shows how to join."""


class NoSuchMember(UserError):
    """That person is not in “{name}”. Choose somebody who is; /group info shows the members."""


class RequestGone(UserError):
    """This request has been decided, or was taken back. /group manage shows what is still to decide."""


class GoalUnreadable(UserError):
    """“{text}” is not a weekly goal. Write it like “60 answers” or “12 days” (days on which members answer, added up), or none."""


class DayUnreadable(UserError):
    """“{text}” is not a date. Write it like 2026-12-01, 12/1/2026, Dec 1 or in 6 weeks."""


class DayPast(UserError):
    """That day has gone by. Give a day from today on, such as 2027-03-14, or leave it out."""


class ExamDayPast(UserError):
    """That is over already. Give the day of an exam to come, such as 2027-03-14; /exam passed and /exam retake say how one went."""


class ExamDayFar(UserError):
    """That is more than three years ahead. Give the year as well if it was read as another one than you meant."""


class ExamDateUnknown(UserError):
    """You have no such exam date. /exam list shows yours, /exam set adds one."""


class ExamDateChanged(UserError):
    """This exam date was changed or taken out since this was shown. /exam list shows how it stands."""


class ExamDatesEnough(UserError):
    """You have dates for {most} exams, as many as are kept. Cancel one with /exam cancel first."""


class ExamDateSame(UserError):
    """That is the date it has already, so there is nothing to change."""


class OffsetsUnreadable(UserError):
    """“{text}” is not a list of days before the exam. Write it like “30 14 7 3 1 0”, where 0 is the morning of the exam; at
    most {most} of them, none over {longest}. “none” stops all reminders."""


class QuietUnreadable(UserError):
    """“{text}” is not a span of quiet hours. Write it like “22:00 to 07:00”, or none."""


class SnoozedAlready(UserError):
    """This reminder came again already. Put off the newer one, or press Done on it."""


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


class RoleUnfit(UserError):
    """That role can't be handed out by a group: choose one that gives no permissions for running the server and that no bot
    or integration manages, or make a new role for it."""


class RoleNotYours(UserError):
    """Handing out a role is for people with the permission Manage Roles. Leave the role out; an organiser can add it later in
    /group manage."""


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


class WhichGroup(UserError):
    """Name the study group you mean: the option “group” suggests them as you type, and /group list shows all of this server."""


class SnoozeTooLate(UserError):
    """The exam begins before that, so this reminder would come too late. Choose an earlier time, or press Done."""


class NoDateToPlan(UserError):
    """You have no exam date to come, so there is nothing to plan for. /exam set stores one."""


class PlanHoursFirst(UserError):
    """How many hours a week can you study for {exam}? Type /exam plan with the option hours, 1 to 40."""


class PlanGone(UserError):
    """This plan is not followed any more: it was dropped, or its exam is off or over. /exam plan makes another."""


class PlanTooLate(UserError):
    """{exam} is today, so there is no day left to plan. All the best; /exam list shows when it begins."""


class NoBlueprint(UserError):
    """How {exam} is shared out over areas is not known here, so no plan can be made from that. /exam list still counts down to it
    and reminds you in time; /cert show tells what is known of it."""
