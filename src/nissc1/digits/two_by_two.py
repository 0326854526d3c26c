"""Which tables of two groups, by which test, give a printed P value."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import comb

import pandas as pd
from scipy.stats import chi2

from nissc1.digits.printed import Printed, listed, read_number

CHI_SQUARED, CORRECTED, FISHER = "χ²", "χ² with continuity correction", "Fisher's exact"
TESTS = (CHI_SQUARED, CORRECTED, FISHER)
#: Rounding of floating-point P values never decides whether one prints.
_NOISE = 1e-12


def p_values(first: int, n: int, second: int, m: int) -> dict[str, float]:
    """Compare `first` of `n` with `second` of `m` by each of the three tests.

    Parameters
    ----------
    first, n, second, m : int
        Affected patients and size of each group.

    Returns
    -------
    dict of str to float
        Two-sided P values: Pearson's χ² (1900), with Yates' correction (1934), and Fisher's exact
        test (1935) by small probabilities. 1 where all or none are affected.
    """
    total, affected = n + m, first + second
    if affected in (0, total) or not n or not m:
        return dict.fromkeys(TESTS, 1.0)
    cross = abs(first * (m - second) - second * (n - first))
    scale = total / (n * m * affected * (total - affected))
    shortened = max(cross - total / 2, 0)
    ways = [comb(n, k) * comb(m, affected - k) for k in range(min(n, affected) + 1)]
    own = ways[first]
    tail = sum(way for way in ways if way <= own)
    return {
        CHI_SQUARED: float(chi2.sf(cross**2 * scale, 1)),
        CORRECTED: float(chi2.sf(shortened**2 * scale, 1)),
        FISHER: float(Fraction(tail, comb(total, affected))),
    }


@dataclass(frozen=True)
class TableSearch:
    """Hold the tables that print a P value.

    Attributes
    ----------
    printed : Printed
        The P value.
    sizes : tuple of int
        Sizes of the two groups.
    outside : int
        Patients in neither.
    searched : int
        Tables possible with the printed numbers.
    tables : pandas.DataFrame
        Those that print it: ``test, first, second, outside`` (affected in each group and outside
        both), ``p_value``.
    """

    printed: Printed
    sizes: tuple[int, int]
    outside: int
    searched: int
    tables: pd.DataFrame

    @property
    def tests(self) -> tuple[str, ...]:
        """The tests by which any table prints the P value."""
        found = set(self.tables["test"])
        return tuple(test for test in TESTS if test in found)

    def named(self, comparison: str) -> pd.DataFrame:
        """Lay the tables out for reading.

        Parameters
        ----------
        comparison : str
            Name of the comparison.

        Returns
        -------
        pandas.DataFrame
            ``Comparison, Test, First group, Second group, Others`` (affected of all), ``P``.
        """
        n, m = self.sizes
        return pd.DataFrame(
            {
                "Comparison": comparison,
                "Test": self.tables["test"],
                "First group": [f"{k}/{n}" for k in self.tables["first"]],
                "Second group": [f"{k}/{m}" for k in self.tables["second"]],
                "Others": [f"{k}/{self.outside}" for k in self.tables["outside"]],
                "P": self.tables["p_value"],
            }
        )

    @property
    def holds(self) -> bool:
        """Whether any table prints it."""
        return not self.tables.empty

    @property
    def sentence(self) -> str:
        """The result."""
        counts = [
            f"{int((self.tables['test'] == test).sum())} by {test} test" for test in self.tests
        ]
        return f"Of {self.searched} tables, P = {self.printed.text} is printed by {listed(counts)}."


def tables_that_print(p: str, n: int, m: int, affected: int, patients: int) -> TableSearch:
    """Search every table of two groups for those that print a P value.

    Parameters
    ----------
    p : str
        Printed P value.
    n, m : int
        Sizes of the two groups.
    affected : int
        Affected patients among all.
    patients : int
        All patients; any of those in neither group may be affected.

    Returns
    -------
    TableSearch
        The tables whose P value lies within half a unit of the last printed digit, by test.

    Raises
    ------
    ValueError
        If the groups have more patients than there are.
    """
    outside = patients - n - m
    if outside < 0:
        raise ValueError(
            f"groups of {n} and {m} among {patients} patients: the groups must not overlap, so "
            "their sizes may add up to all patients at most."
        )
    printed = read_number(p)
    low, high = float(printed.low) - _NOISE, float(printed.high) + _NOISE
    rows, searched = [], 0
    for elsewhere in range(min(outside, affected) + 1):
        both = affected - elsewhere
        for first in range(max(0, both - m), min(n, both) + 1):
            searched += 1
            for test, value in p_values(first, n, both - first, m).items():
                if low <= value <= high:
                    rows.append((test, first, both - first, elsewhere, value))
    frame = pd.DataFrame(rows, columns=["test", "first", "second", "outside", "p_value"])
    tables = frame.sort_values(["test", "outside", "first"], ignore_index=True)
    return TableSearch(printed, (n, m), outside, searched, tables)


@dataclass(frozen=True)
class NoSingleTest:
    """Hold the tests that could stand behind several P values.

    Attributes
    ----------
    searches : tuple of TableSearch
        One a P value.
    """

    searches: tuple[TableSearch, ...]

    @property
    def common(self) -> tuple[str, ...]:
        """The tests by which all P values can be printed."""
        return tuple(t for t in TESTS if all(t in search.tests for search in self.searches))

    @property
    def holds(self) -> bool:
        """Whether each P value has a test, but none serves all."""
        return all(search.holds for search in self.searches) and not self.common

    @property
    def sentence(self) -> str:
        """The result."""
        parts = [f"{s.printed.text} needs the {listed(s.tests, 'or')} test" for s in self.searches]
        end = (
            f"the {listed(self.common, 'or')} test serves all" if self.common else "none serves all"
        )
        return f"{'; '.join(parts)}: {end}."


def no_single_test(*searches: TableSearch) -> NoSingleTest:
    """Show that no one test gives several printed P values.

    Parameters
    ----------
    *searches : TableSearch
        One a P value, from `tables_that_print`.

    Returns
    -------
    NoSingleTest
        Holds if none does.
    """
    return NoSingleTest(searches)
