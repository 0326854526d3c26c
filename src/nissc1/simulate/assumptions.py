"""Everything that the simulation assumes, as a list and as a table for a page."""

from __future__ import annotations

import pandas as pd

from nissc1.simulate import export_choices, measurement_choices, rates
from nissc1.simulate.assumption import Assumption

ASSUMPTIONS: tuple[Assumption[object], ...] = tuple(
    each
    for module in (rates, measurement_choices, export_choices)
    for each in vars(module).values()
    if isinstance(each, Assumption)
)
"""All of them, in the order of their modules."""


def assumptions_frame() -> pd.DataFrame:
    """List every assumption of the simulation.

    Returns
    -------
    DataFrame
        One row an assumption: ``what``, ``value`` (with its unit), ``source`` (with the works cited
        as short text) and ``kind``, ``verified`` where the figure was read in its source or
        computed from figures that were, else ``assumption``; all text.
    """
    rows = [
        {
            "what": each.what,
            "value": f"{each.shown} {each.unit}".strip(),
            "source": each.sourced,
            "kind": each.kind,
        }
        for each in ASSUMPTIONS
    ]
    return pd.DataFrame(rows, dtype="string")
