"""What a learner can keep for review."""

from enum import StrEnum


class CardKind(StrEnum):
    """`subject` of a card is an item's or a concept's id, or a code as "ICD-10-CM|E119"."""

    ITEM = "item"
    CONCEPT = "concept"
    CODE = "code"
