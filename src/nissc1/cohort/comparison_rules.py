"""The rules by which a newer data set is held against the release before it.

A rule is an error where no true follow-up can show it, or where the mapping can mend it. It is a
warning where it can be true for a reason, which then has to be given.
"""

from __future__ import annotations

from dataclasses import dataclass

from nissc1.cohort.faults import ERROR, WARNING


@dataclass(frozen=True)
class ComparisonRule:
    """A rule of the comparison.

    Parameters
    ----------
    rule : str
        Name, by which a warning is accepted.
    severity : str
        ``error`` or ``warning``.
    meaning : str
        When it speaks.
    action : str
        What to do.
    """

    rule: str
    severity: str
    meaning: str
    action: str


_SOURCE = "Ask the centre; mend it at the source, or accept it with the reason."

COMPARISON_RULES: tuple[ComparisonRule, ...] = (
    ComparisonRule(
        "cutoff-earlier",
        ERROR,
        "The data cut-off lies before that of the previous release.",
        "Correct the cut-off, or compare with an earlier release.",
    ),
    ComparisonRule(
        "patient-renamed",
        ERROR,
        "A patient is gone, and another pseudonym has the same day 0, sex and age.",
        "Restore the pseudonym; mapping.yml can do so by codes of patient_id with others: keep.",
    ),
    ComparisonRule(
        "patient-lost",
        WARNING,
        "A patient of the previous release is gone, and nobody new resembles them.",
        "Restore the patient, or accept it with the reason, such as withdrawn consent.",
    ),
    ComparisonRule(
        "patient-duplicated",
        WARNING,
        "A new pseudonym has the same day 0, sex and age as another patient of the data.",
        "Remove one of the two, or accept it where they are two persons.",
    ),
    ComparisonRule(
        "transplant-date-changed",
        WARNING,
        "Day 0 of a known patient is another date; all days are counted from it.",
        _SOURCE,
    ),
    ComparisonRule(
        "baseline-changed",
        WARNING,
        "A value of the patient, the transplant or the month-0 visit changed or is gone.",
        _SOURCE,
    ),
    ComparisonRule(
        "visit-changed",
        WARNING,
        "A value of a visit after day 0 changed or is gone.",
        _SOURCE,
    ),
    ComparisonRule("visit-lost", WARNING, "A visit of a known patient is gone.", _SOURCE),
    ComparisonRule(
        "follow-up-shorter",
        WARNING,
        "The last contact of a known patient is earlier than it was.",
        _SOURCE,
    ),
    ComparisonRule("death-undone", WARNING, "A patient who had died is alive.", _SOURCE),
    ComparisonRule(
        "death-changed",
        WARNING,
        "Day or cause of a known death changed.",
        _SOURCE,
    ),
    ComparisonRule("progression-undone", WARNING, "A patient who had progressed has not.", _SOURCE),
    ComparisonRule(
        "progression-changed",
        WARNING,
        "Day or organ of a known progression changed.",
        _SOURCE,
    ),
    ComparisonRule(
        "late-event-changed",
        WARNING,
        "The day of a known further immunosuppression, myeloid malignancy, late infection or "
        "secondary autoimmune disease changed or is gone.",
        _SOURCE,
    ),
    ComparisonRule(
        "adverse-event-lost",
        WARNING,
        "An adverse event of a known patient is gone.",
        _SOURCE,
    ),
    ComparisonRule(
        "adverse-event-changed",
        WARNING,
        "A value of a known adverse event changed or is gone.",
        _SOURCE,
    ),
)
"""In the order in which `nissc1 check --rules` prints them."""


def comparison_rule(name: str) -> ComparisonRule:
    """Return a rule by its name.

    Parameters
    ----------
    name : str
        Exact name.

    Returns
    -------
    ComparisonRule
        The rule.

    Raises
    ------
    KeyError
        When there is none of that name.
    """
    return {each.rule: each for each in COMPARISON_RULES}[name]
