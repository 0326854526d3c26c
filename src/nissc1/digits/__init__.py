"""What printed digits imply: pure functions on figures as printed; no data, no I/O."""

from nissc1.digits.checks import CHECKS, Check, CheckError, read_checks, run_checks
from nissc1.digits.percentages import fractions_behind
from nissc1.digits.printed import Finding, PrintedNumberError
from nissc1.digits.published import Reading, UndecidedError
from nissc1.digits.reading import (
    read_age_unit,
    read_denominators,
    read_early_loss,
    read_events,
    read_infection_tests,
    read_late_follow_up,
    read_signs,
)

__all__ = [
    "CHECKS",
    "Check",
    "CheckError",
    "Finding",
    "PrintedNumberError",
    "Reading",
    "UndecidedError",
    "fractions_behind",
    "read_age_unit",
    "read_checks",
    "read_denominators",
    "read_early_loss",
    "read_events",
    "read_infection_tests",
    "read_late_follow_up",
    "read_signs",
    "run_checks",
]
