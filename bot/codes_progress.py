"""How far a build or an update of the code sets is, on standard error."""

from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


class Shown:
    """A row for the steps of a build, and one for each file that is fetched."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._rows: dict[str, TaskID] = {}

    def __call__(self, label: str, done: int, of: int) -> None:
        self._bars.update(self._row(""), description=label, completed=done, total=of)

    def arrived(self, label: str, done: int, of: int) -> None:
        """Bytes of a file; the bar runs to and fro while `of` is 0, since the server doesn't say how many there are."""
        amount = f"{decimal(done)} of {decimal(of)}" if of else decimal(done)
        self._bars.update(self._row(label), description=label, completed=done, total=of or None, amount=amount)

    def _row(self, label: str) -> TaskID:
        if label not in self._rows:
            self._rows[label] = self._bars.add_task(label, amount="")
        return self._rows[label]


@contextmanager
def shown_progress() -> Generator[Shown]:
    """Progress bars on standard error, for as long as the work takes."""
    columns = (
        TextColumn("{task.description:38}"),
        BarColumn(),
        TextColumn("{task.fields[amount]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bars:
        yield Shown(bars)
