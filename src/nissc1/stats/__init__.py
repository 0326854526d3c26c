"""Estimators: plain arrays and frames in, small frozen results out; no I/O.

Everything here can be used from any notebook without the rest of the package. Results have
``.table()``, those that are functions of time also ``.at(times)``, and those that can be drawn
``.plot()``, which fetches the drawing, and matplotlib, only when it is called.
"""

from nissc1.stats.association import Association, chi_squared, fisher_exact, spearman
from nissc1.stats.binomial_normal_fit import PoolingError
from nissc1.stats.concordance import Concordance, concordance
from nissc1.stats.covariance_fit import MixedModelError
from nissc1.stats.cox import CoxModel, cox
from nissc1.stats.cumulative_incidence import cumulative_incidence
from nissc1.stats.curve import Curve
from nissc1.stats.delta_adjusted import DeltaAdjusted, TippingPoint, delta_adjusted
from nissc1.stats.dichotomising import Dichotomising, dichotomising_cost
from nissc1.stats.exact_intervals import Proportion, Rate, exact_interval, exact_rate
from nissc1.stats.fine_gray import FineGrayModel, fine_gray
from nissc1.stats.firth import FirthModel, firth_cox
from nissc1.stats.followup import FollowUp, follow_up
from nissc1.stats.gee import Gee, gee
from nissc1.stats.gray import gray_test
from nissc1.stats.hazard_model import FitError
from nissc1.stats.kaplan_meier import kaplan_meier
from nissc1.stats.log_log import cumulative_hazard, log_log
from nissc1.stats.logrank import logrank_test
from nissc1.stats.mean_difference import MeanDifference, mean_difference
from nissc1.stats.meta_proportions import PooledProportion, pool_proportions
from nissc1.stats.missing_patterns import MissingPatterns, missing_patterns
from nissc1.stats.mmrm import Mmrm, mmrm
from nissc1.stats.mortality import (
    ExpectedDeaths,
    StandardisedRatio,
    expected_deaths,
    person_years,
    smr,
)
from nissc1.stats.repeated_measures import RepeatedMeasures, repeated_measures
from nissc1.stats.restricted_cubic import restricted_cubic_basis, spline_knots
from nissc1.stats.restricted_mean import RestrictedMean, rmst, time_lost
from nissc1.stats.result import GroupTest
from nissc1.stats.rubin import Pooled, pool
from nissc1.stats.schoenfeld import ProportionalHazards, schoenfeld_test
from nissc1.stats.selection import SelectionStability, selection_stability
from nissc1.stats.sequential import (
    curve_information,
    every_look,
    miss_probability,
    mixture_critical_value,
)
from nissc1.stats.spline_cox import SplineModel, spline_cox
from nissc1.stats.state_occupation import StateOccupation, state_occupation
from nissc1.stats.time_in_state import time_in_state
from nissc1.stats.univariate_rule import UnivariateRule

__all__ = [
    "Association",
    "Concordance",
    "CoxModel",
    "Curve",
    "DeltaAdjusted",
    "Dichotomising",
    "ExpectedDeaths",
    "FineGrayModel",
    "FirthModel",
    "FitError",
    "FollowUp",
    "Gee",
    "GroupTest",
    "MeanDifference",
    "MissingPatterns",
    "MixedModelError",
    "Mmrm",
    "Pooled",
    "PooledProportion",
    "PoolingError",
    "Proportion",
    "ProportionalHazards",
    "Rate",
    "RepeatedMeasures",
    "RestrictedMean",
    "SelectionStability",
    "SplineModel",
    "StandardisedRatio",
    "StateOccupation",
    "TippingPoint",
    "UnivariateRule",
    "chi_squared",
    "concordance",
    "cox",
    "cumulative_hazard",
    "cumulative_incidence",
    "curve_information",
    "delta_adjusted",
    "dichotomising_cost",
    "every_look",
    "exact_interval",
    "exact_rate",
    "expected_deaths",
    "fine_gray",
    "firth_cox",
    "fisher_exact",
    "follow_up",
    "gee",
    "gray_test",
    "kaplan_meier",
    "log_log",
    "logrank_test",
    "mean_difference",
    "miss_probability",
    "missing_patterns",
    "mixture_critical_value",
    "mmrm",
    "person_years",
    "pool",
    "pool_proportions",
    "repeated_measures",
    "restricted_cubic_basis",
    "rmst",
    "schoenfeld_test",
    "selection_stability",
    "smr",
    "spearman",
    "spline_cox",
    "spline_knots",
    "state_occupation",
    "time_in_state",
    "time_lost",
]
