"""What people should read when something about a study group can't be done."""

from bot.core.errors import UserError


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


class RoleUnfit(UserError):
    """That role can't be handed out by a group: choose one that gives no permissions for running the server and that no bot
    or integration manages, or make a new role for it."""


class RoleNotYours(UserError):
    """Handing out a role is for people with the permission Manage Roles. Leave the role out; an organiser can add it later in
    /group manage."""


class WhichGroup(UserError):
    """Name the study group you mean: the option “group” suggests them as you type, and /group list shows all of this server."""
