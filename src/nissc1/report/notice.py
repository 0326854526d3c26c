"""The line that says which data the numbers of a page come from."""

from __future__ import annotations

from html import escape

from nissc1.cohort.release import Release
from nissc1.report.disclosure import Disclosure
from nissc1.report.display import Html
from nissc1.report.parameters import CONF_LEVEL, Parameters


def notice(release: Release, parameters: Parameters, patients: str, disclosure: Disclosure) -> Html:
    """Say which data the numbers come from.

    Parameters
    ----------
    release : Release
        Data release.
    parameters : Parameters
        Parameters of the notebook; those that deviate from the default are named.
    patients : str
        Number of patients as it may be shown.
    disclosure : Disclosure
        Rule for small numbers in force.

    Returns
    -------
    Html
        A paragraph of class ``nissc1-notice``.
    """
    cutoff = parameters.cutoff or release.data_cutoff
    facts = [f"Release {release.id}", f"data cut-off {cutoff.isoformat()}", f"{patients} patients"]
    if parameters.population is not None:
        facts.append(f"population: {parameters.population}")
    if parameters.conf_level != CONF_LEVEL:
        facts.append(f"confidence level {parameters.conf_level:g}")
    if disclosure.active:
        facts.append("small numbers withheld, counts rounded to 5")
    if release.synthetic:
        facts.append("synthetic reconstruction, no real patients")
    return Html(f'<p class="nissc1-notice">{escape(" · ".join(facts))}</p>')
