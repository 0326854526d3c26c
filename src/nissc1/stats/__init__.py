"""Estimators: plain arrays and frames in, small frozen results out; no plotting, no I/O."""

from nissc1.stats.association import Association, chi_squared, fisher_exact, spearman
from nissc1.stats.cox import CoxFitError, CoxModel, cox
from nissc1.stats.cumulative_incidence import cumulative_incidence
from nissc1.stats.curve import Curve
from nissc1.stats.firth import FirthModel, firth_cox
from nissc1.stats.followup import FollowUp, follow_up
from nissc1.stats.gray import gray_test
from nissc1.stats.kaplan_meier import kaplan_meier
from nissc1.stats.logrank import logrank_test
from nissc1.stats.repeated_measures import RepeatedMeasures, repeated_measures
from nissc1.stats.restricted_mean import RestrictedMean, rmst, time_lost
from nissc1.stats.result import GroupTest
from nissc1.stats.schoenfeld import ProportionalHazards, schoenfeld_test
from nissc1.stats.selection import SelectionStability, selection_stability
from nissc1.stats.sequential import (
    curve_information,
    every_look,
    miss_probability,
    mixture_critical_value,
)
from nissc1.stats.univariate_rule import UnivariateRule

__all__ = [
    "Association",
    "CoxFitError",
    "CoxModel",
    "Curve",
    "FirthModel",
    "FollowUp",
    "GroupTest",
    "ProportionalHazards",
    "RepeatedMeasures",
    "RestrictedMean",
    "SelectionStability",
    "UnivariateRule",
    "chi_squared",
    "cox",
    "cumulative_incidence",
    "curve_information",
    "every_look",
    "firth_cox",
    "fisher_exact",
    "follow_up",
    "gray_test",
    "kaplan_meier",
    "logrank_test",
    "miss_probability",
    "mixture_critical_value",
    "repeated_measures",
    "rmst",
    "schoenfeld_test",
    "selection_stability",
    "spearman",
    "time_lost",
]
