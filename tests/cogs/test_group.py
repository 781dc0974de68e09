"""Study groups through real discord.py: founding, joining, leaving, running, and what Discord may refuse."""

from typing import Any

import discord

from bot.core.groups import Group, Joining, name_key
from bot.core.privacy import Visibility
from bot.storage import groups as store
from cogs.setup.permissions import INVITE
from tests.cogs.conftest import HOUR, Server, controls, texts


async def found(server: Server, name: str = "Night owls") -> Group:
    group = await store.by_name(server.services.db, server.guild.id, name_key(name))
    assert group is not None
    return group


async def create(server: Server, **options: Any) -> Any:
    return (await server.ana.slash(server.channel, "group create", **{"name": "Night owls", **options})).response


async def test_a_group_is_founded_joined_and_left(server: Server) -> None:
    reply = await create(server, exam="cpc", target_date="2026-12-01", goal="60 answers")
    assert reply.ephemeral
    assert "Night owls is open" in texts(reply)
    page = (await server.ben.slash(server.channel, "group list")).response
    assert "1 of 50 members" in texts(page)
    await server.restart()
    joined = await server.ben.select(page, [str((await found(server)).id)], custom_id="group:join")
    assert "You are in Night owls" in texts(joined.response or page)
    info = (await server.cleo.slash(server.channel, "group info", group="night OWLS")).response
    assert "CPC · target date 1 December 2026" in texts(info)
    assert f"<@{server.ana.id}> (owner) and <@{server.ben.id}>" in texts(info)
    assert "0 of 60 answers" in texts(info)
    left = (await server.ben.slash(server.channel, "group leave")).response
    assert "You have left Night owls" in texts(left)
    assert (await found(server)).members == 1


async def direct(server: Server, person: Any) -> Any:
    """The newest direct message to somebody."""
    message = person.user.dm_channel.last_message
    assert message is not None
    return message


async def test_a_request_is_decided_by_a_direct_message_after_a_restart(server: Server) -> None:
    await create(server, joining="request")
    asked = (await server.ben.slash(server.channel, "group join", group="Night owls")).response
    assert "You asked to join Night owls" in texts(asked)
    notice = await direct(server, server.ana)
    assert f"<@{server.ben.id}> would like to join" in texts(notice)
    await server.restart()
    await server.ana.user.click(notice, label="Accept")
    assert f"<@{server.ben.id}> is in" in texts(await direct(server, server.ana))
    assert (await found(server)).members == 2
    assert "You are in **Night owls**" in texts(await direct(server, server.ben))
    twice = (await server.ben.slash(server.channel, "group join", group="Night owls")).response
    assert "You are in Night owls already" in texts(twice)


async def test_a_request_falls_back_to_the_groups_place_and_names_nobody_who_hides(server: Server) -> None:
    await create(server, joining="request")
    await server.services.privacy.set_visibility(server.ben.id, Visibility.HIDDEN)
    server.env.inject_error("POST", "/users/@me/channels", status=403, code=50007)
    await server.ben.slash(server.channel, "group join", group="Night owls")
    notice = server.channel.last_message
    assert "Somebody would like to join" in texts(notice)
    assert str(server.ben.id) not in texts(notice)
    denied = await server.cleo.click(notice, label="Decline")
    assert "for the owner of “Night owls”" in texts(denied.response)
    await server.ana.click(notice, label="Decline")
    assert "Declined" in texts(server.channel.last_message)
    server.forgive()


async def test_requests_are_listed_and_decided_in_the_panel(server: Server) -> None:
    await create(server, joining="request")
    for learner in (server.ben, server.cleo):
        await learner.slash(server.channel, "group join", group="Night owls")
    panel = (await server.ana.slash(server.channel, "group manage")).response
    assert "2 requests to decide about" in texts(panel)
    accept = [custom_id for custom_id in controls(panel) if custom_id.startswith("group:decide:yes")]
    await server.ana.click(panel, custom_id=accept[0])
    assert (await found(server)).members == 2
    back = (await server.cleo.slash(server.channel, "group info")).response
    await server.cleo.click(back, label="Take my request back")
    panel = (await server.ana.slash(server.channel, "group manage")).response
    assert "request" not in texts(panel)


async def test_an_invitation_lets_in_whoever_sees_it_for_a_week_and_one_person_alone_if_it_says_so(
    server: Server,
) -> None:
    await create(server, joining="invitation")
    refused = (await server.ben.slash(server.channel, "group join", group="Night owls")).response
    assert "takes people by invitation" in texts(refused)
    await server.ana.slash(server.channel, "group invite")
    everybody = server.channel.last_message
    await server.ana.slash(server.channel, "group invite", person=server.cleo)
    for_cleo = server.channel.last_message
    not_ben = await server.ben.click(for_cleo, label="Join")
    assert "for somebody else" in texts(not_ben.response)
    await server.restart()
    inside = await server.ben.click(everybody, label="Join")
    assert "You are in Night owls" in texts(inside.response)
    server.forgive()
    await server.env.advance_time(7 * 24 * HOUR)
    late = await server.cleo.click(for_cleo, label="Join")
    assert "has run out" in texts(late.response)
    server.forgive()


async def test_the_owner_leaves_and_whoever_was_there_longest_follows_until_nobody_is_left(server: Server) -> None:
    await create(server)
    for learner in (server.ben, server.cleo):
        await server.env.advance_time(60)
        await learner.slash(server.channel, "group join", group="Night owls")
    sure = (await server.ana.slash(server.channel, "group leave")).response
    assert "whoever has been in it longest owns it then" in texts(sure)
    await server.restart()
    await server.ana.click(sure, label="Leave")
    assert (await found(server)).owner_id == server.ben.id
    assert "own the study group **Night owls**" in texts(await direct(server, server.ben))
    await server.cleo.slash(server.channel, "group leave")
    sure = (await server.ben.slash(server.channel, "group leave")).response
    gone = await server.ben.click(sure, label="Leave")
    assert "Nobody is left in it, so it is closed" in texts(gone.response or sure)
    assert "There are none in this server yet" in texts((await server.ana.slash(server.channel, "group list")).response)


async def test_the_panel_renames_hands_over_takes_out_and_closes(server: Server) -> None:
    await create(server)
    for learner in (server.ben, server.cleo):
        await learner.slash(server.channel, "group join", group="Night owls")
    panel = (await server.ana.slash(server.channel, "group manage")).response
    form = await server.ana.click(panel, label="Name, exam, date, goal")
    await server.restart()
    await server.ana.submit_modal(form, {"name": "Early birds", "exam": "CPC", "target": "Dec 1", "goal": "12 days"})
    group = await found(server, "Early birds")
    assert (group.exam, group.goal and group.goal.number) == ("cpc", 12)
    assert "goal 12 active days a week" in texts(panel)
    await server.ana.select(panel, ["request"], custom_id=f"group:joining:{group.id}")
    await server.ana.select(panel, [server.cleo], custom_id=f"group:remove:{group.id}")
    await server.ana.select(panel, [server.ben], custom_id=f"group:hand:{group.id}")
    assert f"<@{server.ben.id}> owns Early birds now" in texts(panel)
    after = await found(server, "Early birds")
    assert (after.joining, after.members, after.owner_id) == (Joining.REQUEST, 2, server.ben.id)
    mine = (await server.ana.slash(server.channel, "group manage")).response
    assert "for the owner of “Early birds”" in texts(mine)
    server.forgive()
    theirs = (await server.organiser.slash(server.channel, "group manage", group="early birds")).response
    await server.organiser.click(theirs, label="Close the group")
    await server.organiser.click(theirs, label="Close it")
    assert "Early birds is closed" in texts(theirs)
    assert not await store.in_guild(server.services.db, server.guild.id)


async def test_limits_are_the_organisers_and_are_said_when_reached(server: Server) -> None:
    refused = (await server.ana.slash(server.channel, "group limits")).response
    assert "Manage Server" in texts(refused)
    server.forgive()
    panel = (await server.organiser.slash(server.channel, "group limits")).response
    await server.restart()
    for name, value in (("groups", "5"), ("owned", "1"), ("joined", "1"), ("members", "5")):
        await server.organiser.select(panel, [value], custom_id=f"group:limit:{name}")
    await create(server)
    again = await create(server, name="Another")
    assert "may own 1 of its study groups" in texts(again)
    taken = (await server.ben.slash(server.channel, "group create", name="NIGHT  owls")).response
    assert "a study group “NIGHT owls” in this server already" in texts(taken)
    await server.ben.slash(server.channel, "group create", name="Second")
    enough = (await server.ben.slash(server.channel, "group join", group="Night owls")).response
    assert "may be in 1 of its study groups" in texts(enough)
    await server.organiser.select(panel, ["organisers"], custom_id="group:creators")
    only = (await server.cleo.slash(server.channel, "group create", name="Third")).response
    assert "the organisers create the study groups" in texts(only)
    server.forgive()


async def test_a_private_thread_follows_its_members(server: Server) -> None:
    await create(server, thread=True)
    group = await found(server)
    assert group.thread_id is not None
    thread = server.env.backend.get_thread(group.thread_id)
    await server.ben.slash(server.channel, "group join", group="Night owls")
    assert set(thread.thread_members) >= {server.ana.id, server.ben.id}
    server.allow(manage_threads=True)
    await server.ben.slash(server.channel, "group leave", group="Night owls")
    assert server.ben.id not in thread.thread_members


async def test_without_permission_the_group_works_and_says_what_is_missing(server: Server) -> None:
    everyone = server.env.backend.get_guild(server.guild.id).roles[server.guild.id]
    bare = discord.Permissions(INVITE.value) ^ discord.Permissions(create_private_threads=True)
    bot_role = next(role for role in server.env.backend.get_guild(server.guild.id).roles.values() if role.managed)
    everyone.permissions &= ~discord.Permissions(create_private_threads=True).value
    bot_role.permissions = bare.value
    server.env.backend.announce_role_updates(server.guild.id, [bot_role, everyone])
    reply = await create(server, thread=True)
    assert "Night owls is open" in texts(reply)
    assert "Create Private Threads" in texts(reply)
    assert "Create Private Threads" in texts((await server.ana.slash(server.channel, "group info")).response)
    unsent = "The message of the week could not be sent: permission missing"
    await server.services.db.write(store.set_unsent((await found(server)).id, unsent))
    server.allow(create_private_threads=True)
    panel = (await server.ana.slash(server.channel, "group manage")).response
    assert texts(panel).count("⚠️") == 2
    await server.ana.click(panel, label="Make a private thread")
    assert (await found(server)).thread_id is not None
    assert texts(panel).count("⚠️") == 1
    assert unsent in texts(panel)
    assert unsent in texts((await server.ana.slash(server.channel, "group info")).response)


async def test_a_role_is_handed_out_by_those_who_may_and_gives_no_power(server: Server) -> None:
    owls = server.guild.create_role("Owls")
    refused = await create(server, role=owls)
    assert "for people with the permission Manage Roles" in texts(refused)
    chief = server.guild.create_role("Chief", permissions=discord.Permissions(manage_roles=True))
    server.env.backend.add_member_role(server.guild.id, server.ana.id, chief.id)
    unfit = await create(server, role=chief)
    assert "gives no permissions" in texts(unfit)
    server.forgive()
    without = await create(server, role=owls)
    assert "it needs the permission Manage Roles" in texts(without)
    server.allow(manage_roles=True)
    guild = server.env.backend.get_guild(server.guild.id)
    bot_role = next(role for role in guild.roles.values() if role.managed)
    bot_role.position = max(role.position for role in guild.roles.values()) + 1
    server.env.backend.announce_role_updates(server.guild.id, [bot_role])
    await server.ben.slash(server.channel, "group join", group="Night owls")
    assert owls.id in guild.members[server.ben.id].role_ids
    await server.ben.slash(server.channel, "group leave", group="Night owls")
    assert owls.id not in guild.members[server.ben.id].role_ids


async def test_who_hides_is_counted_and_named_to_nobody_else(server: Server) -> None:
    await create(server)
    await server.services.privacy.set_visibility(server.ben.id, Visibility.HIDDEN)
    await server.ben.slash(server.channel, "group join", group="Night owls")
    info = (await server.cleo.slash(server.channel, "group info", group="Night owls")).response
    assert "1 who prefers not to be named" in texts(info)
    assert str(server.ben.id) not in texts(info)
    own = (await server.ben.slash(server.channel, "group info")).response
    assert "named to nobody else" in texts(own)


async def test_fields_suggest_groups_and_exams(server: Server) -> None:
    await create(server)
    assert await server.ben.autocomplete(server.channel, "group join", "group", "owl")
    assert not await server.ana.autocomplete(server.channel, "group join", "group", "owl")
    assert await server.ana.autocomplete(server.channel, "group leave", "group", "")
    assert await server.ana.autocomplete(server.channel, "group create", "exam", "cp")
    read = await server.ana.autocomplete(server.channel, "group session", "when", "tomorrow 7 pm")
    assert "19:00 (America/New_York)" in read[0]["name"]


async def test_closing_puts_the_thread_away_and_taking_somebody_out_takes_them_out_of_it(server: Server) -> None:
    # What a thread's creator may do, the simulator leaves to these two.
    server.allow(manage_threads=True, manage_channels=True)
    await create(server, thread=True)
    group = await found(server)
    assert group.thread_id is not None
    thread = server.env.backend.get_thread(group.thread_id)
    await server.ben.slash(server.channel, "group join", group="Night owls")
    panel = (await server.ana.slash(server.channel, "group manage")).response
    await server.ana.select(panel, [server.ben], custom_id=f"group:remove:{group.id}")
    assert server.ben.id not in thread.thread_members
    stranger = await server.ana.select(panel, [server.cleo], custom_id=f"group:remove:{group.id}")
    assert "is not in “Night owls”" in texts(stranger.response)
    server.forgive()
    await server.ana.click(panel, label="Close the group")
    await server.ana.click(panel, label="Close it")
    assert thread.thread_metadata is not None
    assert thread.thread_metadata.archived
    gone = (await server.ana.slash(server.channel, "group info", group="Night owls")).response
    assert "There is no study group “Night owls”" in texts(gone)
    server.forgive()


async def test_who_left_the_server_is_taken_out_and_an_owner_who_did_is_followed(server: Server) -> None:
    await create(server)
    await server.ben.slash(server.channel, "group join", group="Night owls")
    panel = (await server.ana.slash(server.channel, "group manage")).response
    await server.ana.click(panel, label="Take out who left the server")
    assert "Nobody in it has left" in texts(panel)
    server.guild.remove_member(server.ana)
    theirs = (await server.organiser.slash(server.channel, "group manage", group="Night owls")).response
    await server.organiser.click(theirs, label="Take out who left the server")
    assert "1 member had left the server and is taken out" in texts(theirs)
    group = await found(server)
    assert (group.members, group.owner_id) == (1, server.ben.id)
