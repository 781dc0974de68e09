"""GUILD_CREATE payloads as a study community's server sends them: 40 channels, 20 roles, the bot as the only member."""

from random import Random
from typing import Any

CATEGORIES = ("Welcome", "CPC", "COC", "CCS", "Career", "Voice")
TEXT = (
    "welcome", "rules", "announcements", "introductions", "daily-question", "cpc-general", "cpc-evaluation", "modifiers",
    "icd-10-cm", "hcpcs", "anatomy", "coc-general", "outpatient", "ccs-general", "inpatient", "drg", "mock-exams",
    "exam-dates", "passed", "jobs", "resumes", "interviews", "salaries", "resources", "off-topic", "pets", "bot-commands",
    "moderators",
)  # fmt: skip
VOICE = ("Study hall", "Quiet room", "Group 1", "Group 2", "Group 3", "Office hours")
ROLES = (
    "Organiser", "Moderator", "CodeRounds", "Mentor", "CPC", "CPC-A", "COC", "CCS", "CRC", "Student", "Exam in May",
    "Exam in June", "Passed 2026", "Study group A", "Study group B", "Study group C", "Daily question", "Muted", "Booster",
)  # fmt: skip
TOPIC = "Questions about {name}: say which book and year you use, show how you got there, spoilers behind bars please."
FEATURES = ["COMMUNITY", "NEWS", "WELCOME_SCREEN_ENABLED", "MEMBER_VERIFICATION_GATE_ENABLED", "SOUNDBOARD"]


def guild(number: int, rng: Random, bot: dict[str, Any]) -> dict[str, Any]:
    """One payload; everything in it but the shared vocabulary differs from guild to guild."""

    def snowflake() -> str:
        return str(rng.randrange(10**18, 13 * 10**17))

    guild_id = snowflake()
    roles = [_role(guild_id, "@everyone", 0, rng)]
    roles += [_role(snowflake(), name, place, rng) for place, name in enumerate(ROLES, 1)]
    role_ids = [role["id"] for role in roles]
    categories = [_channel(snowflake(), 4, name, None, role_ids, rng) for name in CATEGORIES]
    parents = [category["id"] for category in categories]
    channels = [
        *categories,
        *(
            _channel(snowflake(), 5 if name == "announcements" else 0, name, parents[i * 5 // len(TEXT)], role_ids, rng)
            | {"topic": TOPIC.format(name=name), "last_message_id": snowflake(), "rate_limit_per_user": 0}
            for i, name in enumerate(TEXT)
        ),
        *(
            _channel(snowflake(), 2, name, parents[5], role_ids, rng)
            | {"bitrate": 64000, "user_limit": 0, "rtc_region": None, "last_message_id": None}
            for name in VOICE
        ),
    ]
    return {
        "id": guild_id,
        "name": f"Medical coders of district {number}",
        "icon": f"{rng.getrandbits(128):032x}",
        "description": "We study for the coding exams together.",
        "owner_id": snowflake(),
        "afk_timeout": 300,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 2,
        "system_channel_id": channels[6]["id"],
        "system_channel_flags": 0,
        "rules_channel_id": channels[7]["id"],
        "public_updates_channel_id": channels[-1]["id"],
        "max_members": 500000,
        "premium_tier": 1,
        "premium_subscription_count": 3,
        "preferred_locale": "en-US",
        "features": FEATURES,
        "nsfw_level": 0,
        "mfa_level": 1,
        "roles": roles,
        "channels": channels,
        "emojis": [_emoji(snowflake(), f"coder_{i}") for i in range(15)],
        "stickers": [],
        "members": [
            {
                "user": bot,
                "roles": [role_ids[3]],
                "joined_at": "2026-03-01T10:00:00.000000+00:00",
                "deaf": False,
                "mute": False,
                "flags": 0,
            }
        ],
        "member_count": 180,
        "large": False,
        "joined_at": "2026-03-01T10:00:00.000000+00:00",
        "threads": [],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "unavailable": False,
    }


def _role(role_id: str, name: str, position: int, rng: Random) -> dict[str, Any]:
    colour = rng.randrange(0xFFFFFF)
    return {
        "id": role_id,
        "name": name,
        "permissions": str(rng.getrandbits(46)),
        "position": position,
        "color": colour,
        "colors": {"primary_color": colour, "secondary_color": None, "tertiary_color": None},
        "hoist": position < 4,
        "managed": name == "CodeRounds",
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def _channel(
    channel_id: str, kind: int, name: str, parent: str | None, role_ids: list[str], rng: Random
) -> dict[str, Any]:
    # Half of the channels are for some roles only, as those of a community are.
    closed = rng.random() < 0.5
    overwrites = [{"id": role_ids[0], "type": 0, "allow": "0", "deny": "1024"}] if closed else []
    overwrites += [
        {"id": rng.choice(role_ids), "type": 0, "allow": "1024", "deny": "0"} for _ in range(2 if closed else 0)
    ]
    return {
        "id": channel_id,
        "type": kind,
        "name": name,
        "position": rng.randrange(40),
        "parent_id": parent,
        "permission_overwrites": overwrites,
        "nsfw": False,
        "flags": 0,
    }


def _emoji(emoji_id: str, name: str) -> dict[str, Any]:
    return {
        "id": emoji_id, "name": name, "roles": [], "require_colons": True, "managed": False, "animated": False,
        "available": True,
    }  # fmt: skip
