"""/help and /about, in servers and in direct messages."""

from bot import __version__
from tests.cogs.conftest import Server, texts


async def test_help_by_role_and_place(server: Server) -> None:
    learner = texts((await server.ana.slash(server.channel, "help")).response)
    organiser = texts((await server.organiser.slash(server.channel, "help")).response)
    private = texts((await server.ana.user.slash("help")).response)
    assert "/setup" not in learner
    assert "**/setup**" in organiser
    assert "Ask an organiser" in private
    assert all("**/cert**" in text for text in (learner, organiser, private))


async def test_about_names_version_and_notices(server: Server) -> None:
    text = texts((await server.ana.slash(server.channel, "about")).response)
    assert __version__ in text
    assert "Not affiliated with or endorsed by AAPC, AHIMA or the AMA" in text
    assert "CPT is a registered trademark of the American Medical Association" in text
