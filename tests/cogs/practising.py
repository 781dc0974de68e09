"""Practice as a learner drives it: starting, answering right or wrong, playing to the end."""

from typing import Any

from bot.core.content import Item
from bot.services.quiz_pages import Question
from tests.cogs.conftest import Server, controls, press
from tests.samples import nearly


async def start(server: Server, person: Any = None, *, direct: bool = False, **wishes: Any) -> Any:
    """What /quiz start shows, five questions unless said otherwise."""
    person = person or server.ana
    wishes = {"length": 5, **wishes}
    if direct:
        return (await person.user.slash("quiz start", **wishes)).response
    return (await person.slash(server.channel, "quiz start", **wishes)).response


async def resume(server: Server) -> Any:
    return (await server.ana.slash(server.channel, "quiz resume")).response


async def put(server: Server, page: Any) -> tuple[Item, str, str]:
    """The item before the learner, the right letters and as many that are nearly right, from what is stored."""
    name = next(name for name in controls(page) if name.startswith(("quiz:answer:", "quiz:choose:")))
    session, position = map(int, name.split(":")[2:4])
    [row] = await server.services.db.read("SELECT user_id FROM sessions WHERE id = $1", session)
    shown = await server.services.quiz.standing(row["user_id"], session)
    assert isinstance(shown, Question)
    assert shown.session.position == position
    return shown.asked.item, shown.asked.key, nearly(shown.asked)


async def answer(server: Server, page: Any, *, right: bool = True, person: Any = None) -> Any:
    """The page after an answer."""
    _, key, others = await put(server, page)
    return await choose(person or server.ana, page, key if right else others)


async def choose(person: Any, page: Any, letters: str) -> Any:
    """The page after these letters were pressed, or chosen from its list."""
    lists = [name for name in controls(page) if name.startswith("quiz:choose:")]
    if not lists:
        return await press(person, page, label=letters[0])
    return (await person.select(page, list(letters), custom_id=lists[0])).response or page


async def play(server: Server, page: Any, *, misses: int = 0, person: Any = None) -> Any:
    """The summary, the first `misses` questions answered wrong."""
    person = person or server.ana
    while any(name.startswith(("quiz:answer:", "quiz:choose:")) for name in controls(page)):
        page = await answer(server, page, right=misses <= 0, person=person)
        misses -= 1
        label = "See the summary" if "See the summary" in labels(page) else "Next"
        page = await press(person, page, label=label)
    return page


def labels(page: Any) -> list[str]:
    """What the buttons of a page say."""
    found: list[str] = []

    def walk(components: Any) -> None:
        for component in components:
            data = component if isinstance(component, dict) else component.to_dict()
            if data.get("label"):
                found.append(data["label"])
            walk(data.get("components", ()))

    walk(page.components)
    return found
