"""Text into words and stems, the same way when an index is built and when it is asked."""

import re
from functools import lru_cache
from typing import Any, cast
from unicodedata import combining, normalize

import snowballstemmer  # pyright: ignore[reportMissingTypeStubs]

# Words that carry no meaning of their own in a query; "without" and "not" do.
STOP = frozenset(
    [
        "and",
        "an",
        "as",
        "at",
        "by",
        "due",
        "for",
        "from",
        "in",
        "is",
        "its",
        "of",
        "on",
        "or",
        "than",
        "the",
        "to",
        "with",
    ]
)

_FAINT = {
    **dict.fromkeys(
        ["unspecified", "nos", "encounter", "initial", "classified", "elsewhere", "disease", "disorder"], 0.1
    ),
    **dict.fromkeys(["without", "complication", "complicated", "mention", "condition", "single", "episode"], 0.2),
    **dict.fromkeys(["other", "specified", "left", "right", "bilateral", "not", "type"], 0.5),
}

_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHE = re.compile(r"['’`´]s?\b")
_ROMAN = {"ii": "2", "iii": "3", "iv": "4"}

_stemmer: Any = cast(Any, snowballstemmer).stemmer("english")

# Where British and American spelling part; applied to both, so that they meet.
_SPELLINGS = (
    (re.compile(r"aem"), "em"),
    (re.compile(r"oed"), "ed"),
    (re.compile(r"oes(?=o)"), "es"),
    (re.compile(r"rrhoe"), "rrhe"),
    (re.compile(r"paed"), "ped"),
    (re.compile(r"aesth"), "esth"),
    (re.compile(r"gynaec"), "gynec"),
    (re.compile(r"foet"), "fet"),
    (re.compile(r"coel"), "cel"),
    (re.compile(r"tumour"), "tumor"),
    (re.compile(r"colour"), "color"),
    (re.compile(r"behaviour"), "behavior"),
    (re.compile(r"labour"), "labor"),
    (re.compile(r"fibre"), "fiber"),
    (re.compile(r"centre"), "center"),
    (re.compile(r"grey"), "gray"),
    (re.compile(r"isation"), "ization"),
    (re.compile(r"sulph"), "sulf"),
)


def words(text: str) -> list[str]:
    """The words of a text in order, lower case, in American spelling, without stop words unless it has no others."""
    if not text.isascii():
        # Letters without their accents: Sjögren is typed Sjogren as often.
        text = "".join(char for char in normalize("NFKD", text) if not combining(char))
    found = [_spelled(word) for word in _WORD.findall(_APOSTROPHE.sub("", text.casefold()))]
    return [word for word in found if word not in STOP] or found


@lru_cache(maxsize=65536)
def _spelled(word: str) -> str:
    for pattern, instead in _SPELLINGS:
        word = pattern.sub(instead, word)
    return _ROMAN.get(word, word)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem by Porter's second algorithm; words with digits stay as they are."""
    if len(word) < 4 or not word.isalpha():
        return word
    return str(_stemmer.stemWord(word))


FAINT = {stem(word): share for word, share in _FAINT.items()}
"""Words that say little about what a title is about, and how much of their weight counts against it when they were not
asked for: "Pain in unspecified hip" is as good as "hip pain", "Pain in left hip" less."""


ABSENT = "without"
DENIED = 0.15
"""What follows this word is said to be absent: it answers nothing, and what its words weigh against a title."""


def stems(text: str) -> list[str]:
    return [stem(word) for word in words(text)]
