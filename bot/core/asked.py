"""An item as it is put to somebody: its options in one order, their letters, and the key in those letters; and how it was answered."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.content import LETTERS, Item, Option
from bot.core.errors import ChoiceUnknown
from bot.core.selection import option_order


@dataclass(frozen=True, slots=True)
class Asked:
    """`seed` gives the order, the same each time the item is shown with it."""

    item: Item
    seed: int

    @property
    def order(self) -> tuple[int, ...]:
        """The author's positions of the options in the order shown."""
        return option_order(self.seed, len(self.item.options))

    @property
    def options(self) -> list[tuple[str, Option]]:
        """Each letter with its option, in the order shown."""
        return [(letter, self.item.options[position]) for letter, position in zip(LETTERS, self.order, strict=False)]

    @property
    def key(self) -> str:
        """The right letters as shown, in order: "B" or "AD"."""
        return letters(i for i, position in enumerate(self.order) if position in self.item.key)

    def check_choice(self, chosen: str) -> str:
        """`chosen` as sorted letters. Raises ChoiceUnknown for letters that are not shown."""
        shown = LETTERS[: len(self.item.options)]
        if not chosen or any(letter not in shown for letter in chosen):
            raise ChoiceUnknown
        return "".join(sorted(set(chosen)))


@dataclass(frozen=True, slots=True)
class Distribution:
    """How a question was answered. `choices` maps each letter to how many chose it; `correct` counts those who chose all
    of the key and nothing else."""

    choices: dict[str, int]
    total: int
    correct: int

    @property
    def accuracy(self) -> float | None:
        return self.correct / self.total if self.total else None


def distribution(asked: Asked, chosen: Iterable[tuple[str, int]]) -> Distribution:
    """Sum up answers, given as what was chosen and by how many."""
    choices = dict.fromkeys(LETTERS[: len(asked.item.options)], 0)
    total = correct = 0
    for answer, count in chosen:
        total += count
        correct += count if answer == asked.key else 0
        for letter in answer:
            choices[letter] += count
    return Distribution(choices, total, correct)


def letters(places: Iterable[int]) -> str:
    """The letters of the given places in the shown order."""
    return "".join(LETTERS[i] for i in sorted(places))
