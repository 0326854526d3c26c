"""What an edition is: its release, cut-off, parameters and the commit that built it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from nissc1.cohort.release import Release
from nissc1.publish.errors import BuildError
from nissc1.publish.parameters import Parameters, changed
from nissc1.publish.project import Commit

FILE = "edition.json"


@dataclass(frozen=True)
class Facts:
    """The facts of an edition; the fields are what the role ``{edition}`` can show.

    Attributes
    ----------
    edition, release, title : str
        Name of the edition, of its data release, and of that release's descriptor.
    release_cutoff, cutoff : str
        Data cut-off of the release, and the date at which follow-up ends here (ISO).
    synthetic : str
        ``yes`` or ``no``.
    notice : str
        The sentence that every page bears.
    parameters : str
        The parameters that differ from their defaults, or ``none``.
    horizon, population, confidence, disclosure : str
        For prose: ``24 months``, ``all patients``, ``95 %``, ``none``.
    version, commit, built : str
        Version of the package, commit of the source, and the day of that commit: a build reads no
        other clock, so that it gives the same bytes again.
    """

    edition: str
    release: str
    title: str
    release_cutoff: str
    cutoff: str
    synthetic: str
    notice: str
    parameters: str
    horizon: str
    population: str
    confidence: str
    disclosure: str
    version: str
    commit: str
    built: str


def gather(
    edition: str,
    release: Release,
    values: Parameters,
    defaults: Parameters,
    commit: Commit,
    version: str,
) -> Facts:
    """Gather the facts of an edition.

    Parameters
    ----------
    edition : str
        Its name.
    release : Release
        The data release.
    values, defaults : dict
        All parameters, and their defaults.
    commit : Commit
        Of the source.
    version : str
        Of the package.

    Returns
    -------
    Facts
        Ready to be shown.
    """
    different = changed(values, defaults)
    level = values.get("conf_level")
    return Facts(
        edition=edition,
        release=release.id,
        title=release.title,
        release_cutoff=release.data_cutoff.isoformat(),
        cutoff=str(values.get("cutoff") or release.data_cutoff.isoformat()),
        synthetic="yes" if release.synthetic else "no",
        notice=(
            "Synthetic reconstruction, not patient data" if release.synthetic else "Registry data"
        ),
        parameters=", ".join(f"{name} = {value}" for name, value in different.items()) or "none",
        horizon=f"{values.get('horizon_months')} months",
        population=str(values.get("population") or "all patients"),
        confidence=f"{float(level) * 100:g} %" if isinstance(level, int | float) else "unknown",
        disclosure=str(values.get("disclosure")),
        version=version,
        commit=commit.id,
        built=commit.date,
    )


def write(facts: Facts, folder: Path) -> Path:
    """Write the facts as ``edition.json``.

    Parameters
    ----------
    facts : Facts
        The facts.
    folder : Path
        Where to write.

    Returns
    -------
    Path
        The file.
    """
    path = folder / FILE
    path.write_text(json.dumps(asdict(facts), ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path


def read(path: Path) -> Facts:
    """Read what `write` wrote.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Facts
        The facts.

    Raises
    ------
    BuildError
        If the file is missing or not of this form.
    """
    try:
        return Facts(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError) as fault:
        raise BuildError(
            f"{path.name} in {path.parent.name} is no record of an edition: {fault}"
        ) from None
