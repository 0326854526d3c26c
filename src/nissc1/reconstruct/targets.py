"""The printed figures that the reconstruction has to meet, read from ``data/published``."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from nissc1.cohort.location import project_root
from nissc1.reconstruct.assumptions import N_PATIENTS

N_DEATHS = 8


@dataclass(frozen=True)
class MedianRange:
    """Hold a printed median with its range, as exact decimals."""

    median: Decimal
    low: Decimal
    high: Decimal


class PublishedFigureError(ValueError):
    """Report a printed figure that is missing or unusable."""


class MissedFigureError(RuntimeError):
    """Report a printed figure that a search did not meet."""


class Targets:
    """Look up printed figures by their id.

    Parameters
    ----------
    folder : Path, optional
        Folder of ``figures.csv``; ``data/published`` of the project if not given.

    Raises
    ------
    FileNotFoundError
        When the folder has no such file.
    """

    def __init__(self, folder: Path | None = None) -> None:
        path = (folder or project_root() / "data" / "published") / "figures.csv"
        if not path.is_file():
            raise FileNotFoundError(
                f"{path} is missing. The reconstruction is built from the printed figures: restore "
                "the file, or set NISSC1_HOME to a checkout of the project."
            )
        with path.open(encoding="utf-8", newline="") as stream:
            self._rows = {row["id"]: row for row in csv.DictReader(stream)}

    def _cell(self, figure: str, column: str) -> str:
        if figure not in self._rows:
            raise PublishedFigureError(
                f"data/published/figures.csv has no figure {figure!r}, which the reconstruction "
                "needs. Restore its row."
            )
        text = self._rows[figure][column].strip()
        if not text:
            raise PublishedFigureError(
                f"data/published/figures.csv: figure {figure!r} has an empty {column!r}, which the "
                "reconstruction needs. Fill it in as printed."
            )
        return text

    def count(self, figure: str) -> int:
        """Return the printed count or numerator of a figure.

        Parameters
        ----------
        figure : str
            Id of the figure.
        """
        return int(self._cell(figure, "n"))

    def denominator(self, figure: str) -> int:
        """Return the printed denominator of a figure; all patients where none is printed.

        Parameters
        ----------
        figure : str
            Id of the figure.
        """
        text = self._rows[figure]["denominator"].strip() if figure in self._rows else ""
        return int(text) if text else N_PATIENTS

    def value(self, figure: str) -> Decimal:
        """Return a printed single value.

        Parameters
        ----------
        figure : str
            Id of the figure.
        """
        return Decimal(self._cell(figure, "estimate"))

    def median_range(self, figure: str) -> MedianRange:
        """Return a printed median with its range.

        Parameters
        ----------
        figure : str
            Id of the figure.
        """
        estimate, lower, upper = (
            Decimal(self._cell(figure, column)) for column in ("estimate", "lower", "upper")
        )
        return MedianRange(estimate, lower, upper)

    def limits(self, figure: str) -> tuple[Decimal, Decimal, Decimal]:
        """Return a printed estimate with its confidence limits.

        Parameters
        ----------
        figure : str
            Id of the figure.
        """
        found = self.median_range(figure)
        return found.median, found.low, found.high

    def p_value(self, figure: str) -> tuple[str, float, float] | None:
        """Return a printed P value: its relation, the value and half a unit of its last digit.

        Parameters
        ----------
        figure : str
            Id of the figure.
        """
        if figure not in self._rows:
            return None
        value = self.value(figure)
        half = Decimal(5).scaleb(int(value.as_tuple().exponent) - 1)
        return self._cell(figure, "relation"), float(value), float(half)

    def death(self, number: int, cell: str) -> str | None:
        """Return a cell of the article's Table 3.

        Parameters
        ----------
        number : int
            Row of the table, 1 to 8.
        cell : str
            Column as the ids name it, for example ``"age"``.

        Returns
        -------
        str or None
            The value as printed, None where the table has a dot.
        """
        row = self._rows.get(f"table3.p{number}.{cell}")
        if row is None:
            return None
        text = row["estimate"].strip() or row["printed"].strip()
        return None if text in {"", "."} else text
