"""The cohort while it is being made: columns of 80 patients, and their latent traits."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any

from nissc1.reconstruct.courses import Course
from nissc1.reconstruct.marginals import Shape, assign_by_rank, choose, spread
from nissc1.reconstruct.targets import MedianRange, Targets

TRAITS = ("skin", "lung", "gas", "heart", "size", "blood", "other")


@dataclass
class Draft:
    """Hold the columns made so far.

    Attributes
    ----------
    rng : random.Random
        The one source of chance.
    targets : Targets
        Printed figures.
    courses : list of Course
        One a patient; positions in all columns follow this list.
    columns : dict
        One list of values a column; None is a missing value.
    traits : dict
        Standard normal scores of each patient, from which correlated values are ranked.
    """

    rng: random.Random
    targets: Targets
    courses: list[Course]
    columns: dict[str, list[Any]] = field(default_factory=dict)
    traits: dict[str, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Draw the latent traits."""
        for trait in TRAITS:
            self.traits[trait] = [self.normal() for _ in self.courses]

    @property
    def patients(self) -> range:
        """List the positions of all patients."""
        return range(len(self.courses))

    def normal(self) -> float:
        """Draw a standard normal number."""
        return NormalDist().inv_cdf(min(max(self.rng.random(), 1e-9), 1 - 1e-9))

    def score(self, noise: float, **weights: float) -> list[float]:
        """Combine traits, with a share of independent noise.

        Parameters
        ----------
        noise : float
            Weight of the independent part.
        **weights : float
            Weight of each trait by name.

        Returns
        -------
        list of float
            One a patient.
        """
        return [
            noise * self.normal()
            + sum(weight * self.traits[trait][patient] for trait, weight in weights.items())
            for patient in self.patients
        ]

    def column(self, name: str, default: Any = None) -> list[Any]:
        """Return a column, made if it does not exist.

        Parameters
        ----------
        name : str
            Column.
        default : object, optional
            Value of every patient in a new one.
        """
        return self.columns.setdefault(name, [default for _ in self.patients])

    def known(self, name: str) -> list[int]:
        """List the patients whose value is set already.

        Parameters
        ----------
        name : str
            Column.
        """
        values = self.column(name)
        return [patient for patient in self.patients if values[patient] is not None]

    def unset(self, name: str, without: Iterable[int] = ()) -> list[int]:
        """List the patients whose value is not set.

        Parameters
        ----------
        name : str
            Column.
        without : iterable of int
            Patients left out.
        """
        left_out = set(without) | set(self.known(name))
        return [patient for patient in self.patients if patient not in left_out]

    def put(self, name: str, values: dict[int, Any]) -> None:
        """Set values of a column.

        Parameters
        ----------
        name : str
            Column.
        values : dict
            Value by patient.
        """
        column = self.column(name)
        for patient, value in values.items():
            column[patient] = value

    def measure(
        self,
        name: str,
        target: MedianRange,
        *,
        decimals: int = 0,
        shape: Shape | None = None,
        score: Sequence[float] | None = None,
        among: Iterable[int] | None = None,
        without: Iterable[int] = (),
    ) -> None:
        """Fill a measured column to a printed median and range.

        Parameters
        ----------
        name : str
            Column. Values that it holds already are kept and counted in.
        target : MedianRange
            Printed figure.
        decimals : int
            Decimals of the values drawn.
        shape : Shape, optional
            How they lie between.
        score : sequence of float, optional
            Ranks the patients; chance if not given.
        among : iterable of int, optional
            Patients measured; all if not given.
        without : iterable of int
            Patients not measured.
        """
        measured = set(self.patients if among is None else among) - set(without)
        column = self.column(name)
        fixed = [column[p] for p in self.known(name) if p in measured]
        free = [p for p in self.unset(name) if p in measured]
        values = spread(
            self.rng, len(measured), target, decimals=decimals, shape=shape, fixed=fixed
        )
        ranked = score if score is not None else self.score(1.0)
        given = assign_by_rank(values, free, ranked)
        self.put(name, {p: value if decimals else int(value) for p, value in given.items()})

    def flag(
        self,
        name: str,
        count: int,
        known: int | None = None,
        *,
        score: Sequence[float] | None = None,
        never: Iterable[int] = (),
        missing: Iterable[int] | None = None,
    ) -> None:
        """Fill a yes/no column to a printed count.

        Parameters
        ----------
        name : str
            Column. Values that it holds already are kept and counted in.
        count : int
            Patients with yes.
        known : int, optional
            Patients with a value; all if not given. Who lacks one is chance.
        score : sequence of float, optional
            The highest have it; chance if not given.
        never : iterable of int
            Patients who have a value and cannot have yes.
        missing : iterable of int, optional
            Patients without a value, chosen already.
        """
        column = self.column(name)
        barred = set(never)
        if missing is None:
            open_ = [p for p in self.unset(name) if p not in barred]
            absent = len(self.courses) - (known or len(self.courses))
            missing = choose(self.rng, open_, absent)
        lacking = set(missing)
        already = sum(column[p] is True for p in self.patients)
        open_ = [p for p in self.unset(name, lacking) if p not in barred]
        chosen = set(choose(self.rng, open_, count - already, score))
        for patient in self.unset(name, lacking):
            column[patient] = patient in chosen
