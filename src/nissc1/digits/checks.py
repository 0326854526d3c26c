"""Checks written as text: a name and arguments as printed, looked up, never evaluated."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from nissc1.digits.clashes import adds_up, clash, relation_clash
from nissc1.digits.hazard_ratios import nearer_ratio, ratio_below_one
from nissc1.digits.impossible_percentages import (
    no_common_denominator,
    no_common_rounding,
    no_denominator,
    other_denominator,
)
from nissc1.digits.patient_counts import (
    below_minimum,
    more_than_known,
    no_complement,
    other_count,
)
from nissc1.digits.printed import Finding
from nissc1.digits.units import creatinine_unit, negative_square, threshold_unit

#: What a check may call.
CHECKS: dict[str, Callable[..., Finding]] = {
    function.__name__: function
    for function in (
        adds_up,
        below_minimum,
        clash,
        creatinine_unit,
        more_than_known,
        nearer_ratio,
        negative_square,
        no_common_denominator,
        no_common_rounding,
        no_complement,
        no_denominator,
        other_count,
        other_denominator,
        ratio_below_one,
        relation_clash,
        threshold_unit,
    )
}
_CALL = re.compile(r"([a-z_]+)\(([^()]*)\)")


class CheckError(ValueError):
    """Report a check that cannot be read or run."""


@dataclass(frozen=True)
class Check:
    """Hold a check.

    Attributes
    ----------
    name : str
        Key of `CHECKS`.
    arguments : tuple of str
        Digits as printed.
    """

    name: str
    arguments: tuple[str, ...]

    def run(self) -> Finding:
        """Call the function.

        Returns
        -------
        Finding
            Whether it holds, and the arithmetic.

        Raises
        ------
        CheckError
            If the arguments do not suit the function.
        """
        try:
            return CHECKS[self.name](*self.arguments)
        except (TypeError, ValueError) as error:
            raise CheckError(
                f"check {self.name}({', '.join(self.arguments)}) cannot be run: {error}"
            ) from error


def read_checks(text: str) -> tuple[Check, ...]:
    """Read checks separated by semicolons.

    Parameters
    ----------
    text : str
        For example ``no_denominator(74, 92.7)``; arguments without quotes, separated by commas.

    Returns
    -------
    tuple of Check
        In order; empty for an empty text.

    Raises
    ------
    CheckError
        If a part is not a call, or names no known function.
    """
    checks = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        call = _CALL.fullmatch(part)
        if call is None:
            raise CheckError(
                f"check {part!r} is not a name with arguments in one pair of brackets, such as "
                "no_denominator(74, 92.7)."
            )
        name, arguments = call.groups()
        if name not in CHECKS:
            raise CheckError(f"check {name!r} is unknown; allowed are {', '.join(CHECKS)}.")
        checks.append(Check(name, tuple(argument.strip() for argument in arguments.split(","))))
    return tuple(checks)


def run_checks(text: str) -> tuple[Finding, ...]:
    """Read and run checks.

    Parameters
    ----------
    text : str
        Checks, separated by semicolons.

    Returns
    -------
    tuple of Finding
        One each.

    Raises
    ------
    CheckError
        If one cannot be read or run.
    """
    return tuple(check.run() for check in read_checks(text))
