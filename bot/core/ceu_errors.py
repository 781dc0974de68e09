"""What people should read when something about their continuing education units can't be done."""

from bot.core.errors import UserError


class CredentialUnknown(UserError):
    """You track no credential “{text}” here. /ceu cycle begins one; the field suggests them as you type."""


class CycleWhen(UserError):
    """Say when the cycle of {exam} begins or ends, such as start:2026-03-01 or end:2028-02-29. It stands in your account at {issuer}."""


class CycleBackwards(UserError):
    """A cycle ends after it begins. Check both days, with their years."""


class CycleLength(UserError):
    """From {first} to {last} is no cycle: they last a month to five years. Check both days, with their years."""


class CycleOver(UserError):
    """That cycle ended on {last}. Give the one that runs now, or is the next to begin."""


class CycleFar(UserError):
    """That is more than {years} years away. Check the year."""


class CycleOneYear(UserError):
    """{issuer} counts by calendar year, January to December, so start and end lie in one year. One of them is enough."""


class CeusUnknown(UserError):
    """How many CEUs {exam} needs is not known well enough to count by: sources are missing or disagree. Ask {issuer}, then add
    the option ceus with the number they give you, and both start and end of your cycle."""


class CeusUnknownForMore(UserError):
    """The number known for {issuer} is for a single credential, and you track {others} already. Ask {issuer} how many you need with
    both, then add the option ceus with that number."""


class CeusUnreadable(UserError):
    """“{text}” is not a number of CEUs. Write it in quarters, such as 1, 1.5 or 0.75, from 0.25 to {most}."""


class EarnedAhead(UserError):
    """{day} has not come yet. Add CEUs once you earned them; give the year if another one was meant."""


class EarnedLongAgo(UserError):
    """{day} is too long ago for any cycle. Check the year."""


class TitleMissing(UserError):
    """Say what the CEUs were for: a title of 1 to {most} characters."""


class LinkUnfit(UserError):
    """A certificate is kept as a link that begins with https:// and has {most} characters at most. Leave it out if you have none."""


class EntryUnknown(UserError):
    """These CEUs are not stored here. /ceu list shows what is; the field suggests them as you type."""


class EntriesEnough(UserError):
    """{most} entries are kept for you, as many as can be. /ceu export gives them as a file; /ceu remove makes room."""


class CategoryUnknown(UserError):
    """There is no category “{text}” for your credentials. The field suggests those there are; leave it out otherwise."""


class IssuerUnknown(UserError):
    """“{text}” is none of the issuers here. Leave it out when all of yours accept these CEUs."""
