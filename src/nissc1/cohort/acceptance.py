"""Accepting warnings: by the exact name of the rule, each with a reason that is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from nissc1.cohort.comparison_rules import COMPARISON_RULES
from nissc1.cohort.faults import WARNING, Fault


class AcceptanceError(ValueError):
    """A warning cannot be accepted in this way."""


def read_acceptances(given: Iterable[str]) -> dict[str, str]:
    """Read what is accepted.

    Parameters
    ----------
    given : iterable of str
        Each ``RULE=REASON``.

    Returns
    -------
    dict of str to str
        Reason by rule.

    Raises
    ------
    AcceptanceError
        When there is no such rule, it is an error, the reason is blank, or a rule is named twice.
    """
    severities = {each.rule: each.severity for each in COMPARISON_RULES}
    acceptable = [rule for rule, severity in severities.items() if severity == WARNING]
    accepted: dict[str, str] = {}
    for text in given:
        rule, _, reason = text.partition("=")
        if rule not in acceptable:
            why = "is an error and cannot be accepted" if rule in severities else "is no rule"
            raise AcceptanceError(
                f"--accept: {rule!r} {why}. Must be one of {', '.join(acceptable)}."
            )
        if not reason.strip():
            raise AcceptanceError(
                f"--accept: {rule} needs a reason, which the release keeps. Write "
                f'--accept {rule}="why it is right".'
            )
        if rule in accepted:
            raise AcceptanceError(f"--accept: {rule} is named twice. Give one reason for it.")
        accepted[rule] = reason.strip()
    return accepted


def accept(faults: Sequence[Fault], accepted: Mapping[str, str]) -> list[Fault]:
    """Mark the warnings that are accepted.

    Parameters
    ----------
    faults : sequence of Fault
        Of any severity.
    accepted : mapping of str to str
        Reason by rule.

    Returns
    -------
    list of Fault
        The same, in the same order.
    """
    return [
        replace(fault, accepted=accepted[fault.rule])
        if fault.severity == WARNING and fault.rule in accepted
        else fault
        for fault in faults
    ]


def kept(faults: Sequence[Fault]) -> list[dict[str, str | int]]:
    """List what was accepted, as a release keeps it.

    Parameters
    ----------
    faults : sequence of Fault
        As `accept` returns them.

    Returns
    -------
    list of dict
        ``rule``, ``reason`` and ``count``, in the order of the rules; what was accepted without
        having been found is left out.
    """
    found = [fault for fault in faults if fault.accepted is not None]
    return [
        {"rule": each.rule, "reason": met[0].accepted or "", "count": len(met)}
        for each in COMPARISON_RULES
        if (met := [fault for fault in found if fault.rule == each.rule])
    ]
