"""A simulated continuation of the reconstructed cohort: follow-up that happened to nobody.

The report is to live with new data, and nobody sends any. This package makes an export as the
registry would send it: known patients followed on at published long-term rates, new ones enrolled,
a few events reported late and values put right. It is checked and registered like any export.
What it rests on stands with its sources in `rates`, `measurement_choices` and `export_choices`;
`assumptions_frame` lays it out.
"""

from nissc1.simulate.assumptions import assumptions_frame
from nissc1.simulate.export import DEFAULT_SEED, write_export

__all__ = ["DEFAULT_SEED", "assumptions_frame", "write_export"]
