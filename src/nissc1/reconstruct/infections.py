"""How many patients of each group had an infection, so that the printed P values come out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import comb

import numpy as np
from scipy.stats import chi2_contingency

from nissc1.reconstruct.targets import Targets

Test = Callable[[int, int, int, int], float]


def _chi_squared(a: int, n: int, b: int, m: int) -> float:
    """Compare a of n with b of m by Pearson's test without continuity correction."""
    table = np.array([[a, n - a], [b, m - b]])
    return float(chi2_contingency(table, correction=False)[1])


def _chi_squared_corrected(a: int, n: int, b: int, m: int) -> float:
    """Compare a of n with b of m by Pearson's test with Yates' correction."""
    table = np.array([[a, n - a], [b, m - b]])
    return float(chi2_contingency(table, correction=True)[1])


def _fisher(a: int, n: int, b: int, m: int) -> float:
    """Compare a of n with b of m by Fisher's exact test, two-sided by small probabilities."""
    total, drawn = n + m, a + b
    ways = [comb(n, k) * comb(m, drawn - k) if 0 <= drawn - k <= m else 0 for k in range(n + 1)]
    return sum(w for w in ways if w <= ways[a]) / comb(total, drawn)


TESTS: dict[str, Test] = {
    "chi-squared": _chi_squared,
    "chi-squared, corrected": _chi_squared_corrected,
    "Fisher": _fisher,
}


P_GRAFT = "results.infections_graft_p"
P_DOSE = "results.infections_mobilisation_p"
P_GROWTH = "results.infections_gcsf_p"


@dataclass(frozen=True)
class Split:
    """Hold numbers of infected patients in two groups that print a P value by a named test.

    Attributes
    ----------
    test : str
        Key of `TESTS`.
    infected : tuple of int
        Infected patients in the first and in the second group.
    sizes : tuple of int
        Patients in the two groups.
    others : tuple of int
        Infected and all patients in neither group.
    """

    test: str
    infected: tuple[int, int]
    sizes: tuple[int, int]
    others: tuple[int, int]

    @property
    def unevenness(self) -> float:
        """Sum of squared deviations of the groups' shares from the whole's, by size."""
        groups = [*zip(self.infected, self.sizes, strict=True), self.others]
        share = sum(a for a, _ in groups) / sum(n for _, n in groups)
        return sum(n * (a / n - share) ** 2 for a, n in groups if n)


def _splits(sizes: tuple[int, int], infected: int, others: int, p: float) -> list[Split]:
    """Enumerate splits of the infected; so many patients belong to neither group."""
    n, m = sizes
    return [
        Split(name, (a, infected - rest - a), sizes, (rest, others))
        for name, test in TESTS.items()
        for rest in range(others + 1)
        for a in range(max(0, infected - rest - m), min(n, infected - rest) + 1)
        if abs(test(a, n, infected - rest - a, m) - p) <= HALF_UNIT
    ]


#: Half a unit of the last printed digit of the P values.
HALF_UNIT = 0.005 + 1e-12


def find_splits(targets: Targets) -> dict[str, list[Split]]:
    """Enumerate the numbers of infected patients that print each of the three P values.

    Parameters
    ----------
    targets : Targets
        Printed figures.

    Returns
    -------
    dict
        By id of the printed P value: CD34+ selection against none, mobilisation with 2 against
        4 g/m², G-CSF after reinfusion against none (one patient's is not known and may be infected
        or not).
    """
    count = targets.count
    infected = count("table4.infectious_patients")
    grafts = (count("table2.cd34_selected"), count("table2.cd34_unselected"))
    doses = (count("table2.mobilisation_cyc_2"), count("table2.mobilisation_cyc_4"))
    others = sum(grafts) - sum(doses)
    given = count("table2.gcsf_after")
    growth = (given, sum(grafts) - 1 - given)
    return {
        P_GRAFT: _splits(grafts, infected, 0, float(targets.value(P_GRAFT))),
        P_DOSE: _splits(doses, infected, others, float(targets.value(P_DOSE))),
        P_GROWTH: _splits(growth, infected, 1, float(targets.value(P_GROWTH))),
    }


def choose_splits(found: dict[str, list[Split]]) -> dict[str, Split]:
    """Choose one split a comparison: the test that serves most of them, the the most even.

    No single test prints all three P values with any counts of 80 patients, so that the choice is
    made for each comparison: first by how many comparisons its test can serve, then by how evenly
    the infected lie over the groups.

    Parameters
    ----------
    found : dict
        As `find_splits` returns it.

    Returns
    -------
    dict
        One split by id of the printed P value; ids without any are left out.
    """
    serves = {
        name: sum(any(s.test == name for s in group) for group in found.values()) for name in TESTS
    }
    return {
        figure: min(group, key=lambda s: (-serves[s.test], s.unevenness))
        for figure, group in found.items()
        if group
    }
