"""Everything stored about a person is known, shown and erased: the registry against the schema itself."""

import json
from collections import Counter
from datetime import date

from bot.core.cards import CardKind
from bot.core.deliveries import Kind
from bot.core.exam_dates import Moment
from bot.core.plan import Cause, Studied, make
from bot.core.privacy import Visibility
from bot.core.quiz import Wishes
from bot.core.reminders import ReminderSettings
from bot.core.seasons import Winner
from bot.core.streaks import Streak
from bot.storage import (
    cards,
    daily_answers,
    deliveries,
    exam_dates,
    flags,
    guilds,
    learners,
    live,
    plan,
    privacy,
    quiz,
    reminders,
    scores,
    seasons,
)
from bot.storage.database import Database
from tests.samples import START
from tests.storage.credentials import tracked_with_units
from tests.storage.grouped import wrote_all_about_groups
from tests.storage.lives import begun, out
from tests.storage.rounds import GUILD, posted
from tests.storage.scored import FEBRUARY
from tests.storage.settings import make_settings

PERSON, OTHER = 987_654_321_012_345, 222

# Columns that end in _id and name no person. A new one belongs here only after a thought about whom it names.
IMPERSONAL = {
    "guild_id", "channel_id", "role_id", "item_id", "delivery_id", "message_id", "thread_id", "round_id", "session_id", "live_id", "group_id", "meeting_id", "event_id", "where_id", "credential_id", "exam_date_id",
}  # fmt: skip


async def schema(db: Database) -> dict[str, dict[str, str]]:
    """The type of each column of each table."""
    if db.skip_locked:
        rows = await db.read(
            "SELECT table_name AS t, column_name AS c, data_type AS d FROM information_schema.columns"
            " WHERE table_schema = 'public'"
        )
    else:
        rows = await db.read(
            "SELECT m.name AS t, c.name AS c, c.type AS d FROM sqlite_master m, pragma_table_info(m.name) c"
            " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
        )
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row["t"], {})[row["c"]] = row["d"].lower()
    return found


async def places(db: Database, person: int) -> list[str]:
    """Each column of any table that holds the id, as a number or within a text."""
    found: list[str] = []
    for table, columns in (await schema(db)).items():
        for column in columns:
            # The table and column come from the schema itself.
            query = f"SELECT COUNT(*) AS n FROM {table} WHERE CAST({column} AS TEXT) LIKE $1"
            if (await db.read(query, f"%{person}%"))[0]["n"]:
                found.append(f"{table}.{column}")
    return sorted(found)


async def write_everything(db: Database, person: int) -> None:
    round_ = await posted(db, guild=person % 1000)
    await db.write(
        guilds.save(make_settings(guild_id=person % 1000, organiser_id=person)),
        deliveries.owe(Kind.NOTICE, GUILD, f"fault:{person % 7}", START, user_id=person),
        learners.set_visibility(person, Visibility.HIDDEN),
    )
    await daily_answers.answer(
        db, round_, person, "B", correct=True, points=15, streak=Streak(round_.number, 1, 1, 0), now=START,
        also=scores.daily_attempts(
            round_.guild_id, round_.item.id, round_.id, scores.When(round_.local_date, person % 977, START), person
        ),
    )  # fmt: skip
    await db.write(
        learners.remember_name(GUILD, person, "Somebody"),
        *seasons.ended(GUILD, FEBRUARY.key, START, [Winner(person, 1, 90)]),
    )
    await cards.save(db, person, CardKind.ITEM, "x", START)
    await flags.flag(db, GUILD, "x", person, "Something else", START)
    await db.write(*flags.decide(GUILD, f"y{person % 7}", person, keep=False, now=START))
    [[wished]] = await db.write(quiz.wish(person, GUILD, Wishes("cpc"), None, START))
    await wrote_all_about_groups(db, person)
    await tracked_with_units(db, person)
    await db.write(*quiz.begin(wished["id"], person, [(round_.item, 1)], START))
    played = await begun(db, host=person, channel=person % 991)
    await db.write(
        reminders.turn(person, ReminderSettings()),
        exam_dates.add(person, GUILD, "cpc", Moment(date(2026, 5, 4), None, "America/New_York"), START),
    )
    [planned] = await exam_dates.planned(db, person)
    weeks = make([Studied("alpha", 1)], date(2026, 3, 2), planned.moment.day, 6, None)
    await db.write(plan.save(db, planned, weeks, Cause.MADE, None, START))
    assert played is not None
    await out(db, played.id)
    assert await live.answer(db, played.id, 1, person, "B", START)


async def test_the_registry_names_the_tables_with_a_person_and_no_other(db: Database) -> None:
    tables = await schema(db)
    personal = {table for table, columns in tables.items() if any(name.endswith("user_id") for name in columns)}
    assert personal == set(privacy.HOLDERS)


async def test_every_other_column_that_ends_in_id_is_known_to_name_no_person(db: Database) -> None:
    names = {name for columns in (await schema(db)).values() for name in columns if name.endswith("_id")}
    assert {name for name in names if not name.endswith("user_id")} == IMPERSONAL


async def test_what_is_written_about_a_person_stands_in_columns_that_say_so(db: Database) -> None:
    await write_everything(db, PERSON)
    found = await places(db, PERSON)
    assert {place.partition(".")[0] for place in found} == set(privacy.HOLDERS)
    assert all(place.endswith("user_id") for place in found)


async def test_the_export_shows_every_row_about_a_person_and_nothing_of_another(db: Database) -> None:
    await write_everything(db, PERSON)
    assert not any((await privacy.export(db, OTHER)).values())
    await write_everything(db, OTHER)
    shown = await privacy.export(db, PERSON)
    rows: Counter[str] = Counter()
    for table, columns in (await schema(db)).items():
        for column in columns:
            if column.endswith("user_id"):
                query = f"SELECT COUNT(*) AS n FROM {table} WHERE {column} = $1"
                rows[table] += (await db.read(query, PERSON))[0]["n"]
    assert sum(len(entries) for entries in shown.values()) == rows.total()
    assert set(+rows) == set(privacy.HOLDERS)
    assert all(shown[module.__name__.rpartition(".")[2]] for module in privacy.HOLDERS.values())
    assert json.loads(json.dumps(shown)) == shown


async def test_the_export_tells_what_was_answered_flagged_kept_and_chosen(db: Database) -> None:
    await write_everything(db, PERSON)
    shown = await privacy.export(db, PERSON)
    answer, streak = shown["daily_answers"]
    assert (answer["chosen"], answer["correct"], answer["item"], answer["date"]) == ("B", True, "x", "2026-03-02")
    assert streak["streak"] == streak["longest_streak"] == 1
    assert shown["cards"] == [{"kind": "item", "subject": "x", "saved_at": START}]
    assert shown["flags"][0]["reason"] == "Something else"
    assert shown["learners"] == [{"visibility": "hidden", "pseudonym": ""}, {"guild": "10", "name": "Somebody"}]
    assert shown["seasons"] == [{"guild": "10", "season": "2026-02", "rank": 1, "points": 90}]


async def test_after_erasing_no_column_of_any_table_holds_the_person_and_the_others_keep_theirs(db: Database) -> None:
    await write_everything(db, PERSON)
    await write_everything(db, OTHER)
    before = await privacy.export(db, OTHER)
    await privacy.erase(db, PERSON)
    assert await places(db, PERSON) == []
    assert not any((await privacy.export(db, PERSON)).values())
    assert await privacy.export(db, OTHER) == before
    # The server goes on, and so does the decision about an item.
    settings = await guilds.get(db, PERSON % 1000)
    assert settings is not None
    assert (settings.organiser_id, settings.active) == (0, True)
    assert f"y{PERSON % 7}" in await flags.withdrawn(db, GUILD)
    await privacy.erase(db, PERSON)
