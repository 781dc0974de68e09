"""What people should read when something about their exam dates, reminders or plans can't be done."""

from bot.core.errors import UserError


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


class SnoozeTooLate(UserError):
    """The exam begins before that, so this reminder would come too late. Choose an earlier time, or press Done."""


class ReminderNotYours(UserError):
    """This reminder is for somebody else: only the person it names can open it."""


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
