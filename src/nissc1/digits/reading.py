"""What the article's digits imply, claim by claim: the printed figures in, numbers out."""

from __future__ import annotations

import pandas as pd

from nissc1.digits.covariate_unit import sd_bounds, slope_units
from nissc1.digits.event_orders import PrintedRates, printed_rates
from nissc1.digits.hazard_ratios import (
    event_splits,
    ratio_below_one,
    ratio_limits,
    totals_that_fit,
)
from nissc1.digits.percentages import counts_behind, denominators, denominators_behind
from nissc1.digits.published import Reading, UndecidedError, count, value, values
from nissc1.digits.risk_sets import FirstYear, search_first_year, search_second_year
from nissc1.digits.two_by_two import no_single_test, tables_that_print
from nissc1.digits.units import pairs_needed

#: Units of age that are compared, in years.
AGE_UNITS = (1, 5, 10, 20)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_PLACES = {"table1": "Table 1", "table2": "Table 2"}
_GROUPS = {
    "graft": ("CD34+ selected or not", "table2.cd34_selected", "table2.cd34_unselected"),
    "mobilisation": (
        "Mobilised with 2 or 4 g/m²",
        "table2.mobilisation_cyc_2",
        "table2.mobilisation_cyc_4",
    ),
    "gcsf": ("G-CSF after transplantation or not", "table2.gcsf_after", ""),
}


def read_denominators(published: pd.DataFrame) -> Reading:
    """Find the denominators behind the percentages of Tables 1 and 2 that print none.

    Parameters
    ----------
    published : pandas.DataFrame
        Printed figures, all text, with ``id, where, label, statistic, printed, estimate, n,
        denominator``; the same for the other functions here.

    Returns
    -------
    Reading
        Facts ``patients``, ``percentages``, and of these ``one_denominator`` (only one fits),
        ``not_of_all`` (that of all patients does not fit), ``no_denominator`` (none fits). Table: a
        row a percentage.
    """
    patients = count(published, "abstract.n")
    wanted = published["where"].isin(_PLACES) & published["statistic"].eq("proportion")
    found = denominators_behind(published[wanted & published["denominator"].eq("")], patients)
    facts: dict[str, int | float | str] = {
        "patients": patients,
        "percentages": len(found),
        "one_denominator": int(found["choices"].eq(1).sum()),
        "not_of_all": int(found["most"].lt(patients).sum()),
        "no_denominator": int(found["choices"].eq(0).sum()),
    }
    shown = found[["where", "label", "printed", "fits"]].replace({"where": _PLACES})
    heads = ["Place", "Figure", "Printed", "Possible denominators"]
    return Reading(facts, shown.set_axis(heads, axis=1))


def read_early_loss(published: pd.DataFrame) -> Reading:
    """Find out who left in the first year, and when, from the rates at one year.

    Parameters
    ----------
    published : pandas.DataFrame
        Printed figures.

    Returns
    -------
    Reading
        Facts ``deaths`` (without progression), ``progressions``, ``printed`` (their rate), and
        those of `nissc1.digits.risk_sets.FirstYear.facts`. Table: where a single loss may lie.
    """
    deaths, progressions, first = _first_year(published)
    printed = value(published, "results.progression_12m")
    facts: dict[str, int | float | str] = {
        "deaths": deaths,
        "progressions": progressions,
        "printed": printed,
    }
    heads = [
        "Events before",
        "Orders",
        "Orders that print the rates",
        "Fewest progressions",
        "Most",
    ]
    table = first.before_loss().astype({"before": "string"}).set_axis(heads, axis=1)
    return Reading(facts | first.facts(), table)


def read_late_follow_up(published: pd.DataFrame) -> Reading:
    """Find out how many were still followed in the second year, from the rates at two years.

    Parameters
    ----------
    published : pandas.DataFrame
        Printed figures.

    Returns
    -------
    Reading
        Facts of `nissc1.digits.risk_sets.SecondYear.facts`. Table: ``event, at_risk, sequences``,
        how many sequences hold a number at risk at each event, for drawing.
    """
    second = search_second_year(_first_year(published)[2], _rates(published, 24))
    if not second.holds:
        raise UndecidedError(
            "no numbers at risk print the rates at two years; check results.pfs_24m and "
            "results.progression_24m."
        )
    return Reading(dict(second.facts()), second.spread(second.events[0]))


def read_events(published: pd.DataFrame, later: int) -> Reading:
    """Find out how many events the interval of the skin score's hazard ratio rests on.

    Parameters
    ----------
    published : pandas.DataFrame
        Printed figures.
    later : int
        Events of the second year.

    Returns
    -------
    Reading
        Facts ``ratio, least, most`` (from the limits), ``abstract, text`` (as printed there),
        ``events`` of two years, their ``split`` over the two groups, and how many ``totals`` of
        events up to ``largest_total``, half of the patients, fit.
    """
    deaths, progressions, first = _first_year(published)
    limits = ratio_limits(*values(published, "results.pfs_cox_mrss", ["lower", "upper"]))
    least, most = limits.estimates
    events, largest = deaths + progressions + later, first.patients // 2
    return Reading(
        {
            "ratio": limits.estimate,
            "least": least,
            "most": most,
            "abstract": value(published, "abstract.pfs_cox_mrss"),
            "text": value(published, "results.pfs_cox_mrss"),
            "events": events,
            "split": event_splits(limits, events).text,
            "totals": len(totals_that_fit(limits, largest)),
            "largest_total": largest,
        },
        pd.DataFrame(),
    )


def read_age_unit(published: pd.DataFrame, events: int) -> Reading:
    """Find out in which unit age can have entered the Cox model.

    Parameters
    ----------
    published : pandas.DataFrame
        Printed figures.
    events : int
        Events of the model.

    Returns
    -------
    Reading
        Facts ``ratio`` (as printed), ``span`` of the ages, ``sd`` in units that the interval asks
        for, ``sd_least`` in years that the span allows. Table: a row a unit.
    """
    ratio = value(published, "results.pfs_cox_age")
    limits = ratio_limits(*values(published, "results.pfs_cox_age", ["lower", "upper"]))
    youngest, oldest = (int(n) for n in values(published, "table1.age", ["lower", "upper"]))
    span, patients = oldest - youngest, count(published, "abstract.n")
    units = slope_units(ratio, limits, span, patients, events, AGE_UNITS)
    facts: dict[str, int | float | str] = {
        "ratio": ratio,
        "span": span,
        "sd": float(units["implied_sd"].iloc[0]),
        "sd_least": sd_bounds(span, patients)[0],
    }
    units["ratio_over_span"] = [_short(ratio) for ratio in units["ratio_over_span"]]
    heads = ["Unit, years", "Ratio for 10 years", f"Ratio, {oldest} against {youngest}"]
    return Reading(facts, units.set_axis([*heads, "Implied SD, years", "Possible"], axis=1))


def read_infection_tests(published: pd.DataFrame) -> Reading:
    """Find the tables and tests behind the P values of infections by group.

    Parameters
    ----------
    published : pandas.DataFrame
        Printed figures.

    Returns
    -------
    Reading
        Facts ``infected``, ``searched`` (tables), ``common`` (tests that serve all three). Table:
        every table that prints its P value.
    """
    patients = count(published, "abstract.n")
    infected = count(published, "table4.infectious_patients")
    searches, shown = [], []
    for key, (name, one, other) in _GROUPS.items():
        p, first = value(published, f"results.infections_{key}_p"), count(published, one)
        second = count(published, other) if other else _rest(published, one, patients)
        searches.append(tables_that_print(p, first, second, infected, patients))
        shown.append(searches[-1].named(f"{name}: P = {p}"))
    facts: dict[str, int | float | str] = {
        "infected": infected,
        "searched": sum(search.searched for search in searches),
        "common": len(no_single_test(*searches).common),
    }
    return Reading(facts, pd.concat(shown, ignore_index=True))


def read_signs(published: pd.DataFrame) -> Reading:
    """Read the negative square, and the hazard ratio that points away from its words.

    Parameters
    ----------
    published : pandas.DataFrame
        Printed figures.

    Returns
    -------
    Reading
        Facts ``correlation`` and ``pairs``, the fewest for its P value; ``selection``, the printed
        ratio, and ``inverse, inverse_least, inverse_most`` with the groups exchanged.
    """
    rho = value(published, "results.cd34_engraftment_correlation")
    columns = ["estimate", "lower", "upper"]
    selection = ratio_below_one(*values(published, "results.response_cox_cd34", columns))
    pairs = pairs_needed(rho, value(published, "results.cd34_engraftment_p"))
    inverse, least, most = selection.inverse
    return Reading(
        {
            "correlation": rho.replace("-", "−"),
            "pairs": "none" if pairs is None else pairs,
            "selection": selection.ratio.text,
            "inverse": inverse,
            "inverse_least": least,
            "inverse_most": most,
        },
        pd.DataFrame(),
    )


def _first_year(published: pd.DataFrame) -> tuple[int, int, FirstYear]:
    patients, deaths = count(published, "abstract.n"), count(published, "results.nrm_deaths")
    printed = value(published, "results.progression_12m")
    counts = counts_behind(printed, patients)
    if len(counts) != 1:
        raise UndecidedError(
            f"progression of {printed}% of {patients} fits {len(counts)} counts; one is needed to "
            "search their order. Check results.progression_12m."
        )
    first = search_first_year(patients, counts[0], deaths, _rates(published, 12))
    return deaths, counts[0], first


def _rates(published: pd.DataFrame, month: int) -> PrintedRates:
    by_id = published.set_index("id")
    return printed_rates(by_id, f"results.pfs_{month}m", f"results.progression_{month}m")


def _short(number: float) -> str:
    """Write a number with three digits, a large one with a power of ten."""
    digits, _, power = f"{number:.3g}".partition("e+")
    return f"{digits} × 10{power.translate(_RAISED)}" if power else digits


def _rest(published: pd.DataFrame, row: str, patients: int) -> int:
    """Count the others of the only denominator that a percentage allows."""
    n, percent = values(published, row, ["n", "estimate"])
    fits = denominators(n, percent, patients)
    if len(fits) != 1:
        raise UndecidedError(
            f"{row}: {n} ({percent}%) fits {len(fits)} denominators; one is needed to know the "
            "size of the other group."
        )
    return fits[0] - int(n)
