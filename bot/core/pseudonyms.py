"""Made-up names for learners who want to stand on boards without their own: a colour or quality, a bird, beast or
plant, and a number."""

from random import Random

FIRST = (
    "Agile", "Amber", "Azure", "Balmy", "Bold", "Brave", "Breezy", "Bright", "Brisk", "Bronze", "Calm", "Candid",
    "Cedar", "Cheery", "Clear", "Clever", "Cobalt", "Copper", "Coral", "Cosy", "Crimson", "Crisp", "Dapper", "Daring",
    "Deft", "Eager", "Early", "Ember", "Fabled", "Fleet", "Frosty", "Gentle", "Gilded", "Glad", "Golden", "Happy",
    "Hazel", "Indigo", "Ivory", "Jade", "Jolly", "Keen", "Kind", "Lilac", "Lively", "Lucky", "Lunar", "Maple",
    "Mellow", "Merry", "Mighty", "Misty", "Modest", "Nimble", "Noble", "Olive", "Opal", "Patient", "Plucky", "Proud",
    "Quick", "Quiet", "Rosy", "Ruby", "Rustic", "Sandy", "Scarlet", "Serene", "Silver", "Snowy", "Solar", "Steady",
    "Sunny", "Swift", "Teal", "Tidy", "Topaz", "Velvet", "Violet", "Witty",
)  # fmt: skip
SECOND = (
    "Acorn", "Alder", "Aspen", "Aster", "Badger", "Beaver", "Birch", "Bison", "Bramble", "Camel", "Clover", "Condor",
    "Crane", "Curlew", "Cypress", "Dolphin", "Dove", "Eagle", "Egret", "Elk", "Falcon", "Fern", "Finch", "Fox",
    "Gannet", "Gazelle", "Gecko", "Hare", "Hawk", "Heron", "Ibex", "Ibis", "Iris", "Jay", "Kestrel", "Koala",
    "Lark", "Laurel", "Lemur", "Linden", "Lotus", "Lynx", "Magpie", "Marten", "Merlin", "Moose", "Myrtle", "Narwhal",
    "Newt", "Orchid", "Oriole", "Osprey", "Otter", "Owl", "Panda", "Pelican", "Penguin", "Pine", "Plover", "Poppy",
    "Puffin", "Quail", "Raven", "Robin", "Rowan", "Sable", "Seal", "Sparrow", "Spruce", "Swallow", "Swan", "Tern",
    "Thistle", "Thrush", "Tulip", "Walrus", "Willow", "Wombat", "Wren", "Yarrow",
)  # fmt: skip
NUMBERS = range(10, 100)


def pseudonym(rng: Random) -> str:
    """One of more than half a million names, such as “Amber Heron 27”."""
    return f"{rng.choice(FIRST)} {rng.choice(SECOND)} {rng.choice(NUMBERS)}"
