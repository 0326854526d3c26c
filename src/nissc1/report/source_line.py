"""The line below each figure that says which data it shows."""

from __future__ import annotations

from nissc1.cohort.release import Release
from nissc1.report.parameters import Parameters


def source_line(release: Release, parameters: Parameters) -> str:
    """Say which data a figure shows, wherever its file goes.

    Parameters
    ----------
    release : Release
        Data release.
    parameters : Parameters
        Parameters of the notebook.

    Returns
    -------
    str
        Study, release, cut-off, the filter if there is one, and what is not real.
    """
    cutoff = parameters.cutoff or release.data_cutoff
    parts = [f"NISSC1, release {release.id}, data to {cutoff.isoformat()}"]
    if parameters.population is not None:
        parts.append(parameters.population)
    if release.simulated_after is not None:
        after = release.simulated_after.isoformat()
        parts.append(f"SIMULATED: nothing after {after} was observed")
    elif release.synthetic:
        parts.append("synthetic reconstruction, no real patients")
    return " · ".join(parts)
