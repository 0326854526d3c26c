"""What an edition is: its release, cut-off, parameters and the commit that built it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import nissc1
from nissc1.cohort.release import Release
from nissc1.maturity import ARTICLE_HORIZON
from nissc1.publish.errors import BuildError
from nissc1.publish.parameters import Parameters, changed
from nissc1.publish.project import Commit
from nissc1.report.parameters import check_parameters

FILE = "edition.json"


@dataclass(frozen=True)
class Facts:
    """The facts of an edition; the role ``{edition}`` can show the fields that are text.

    Attributes
    ----------
    edition, release, title : str
        Name of the edition, of its data release, and of that release's descriptor.
    release_cutoff, cutoff : str
        Data cut-off of the release, and the date at which follow-up ends here (ISO).
    synthetic, reconstructed, simulated, comparable, longer, compared : str
        ``yes`` or ``no``, which the directive ``{when}`` reads: whether the patients are made up;
        whether they are, to yield the printed figures and nothing more; whether their follow-up
        after some day is simulated; whether the figures can be judged against print; whether the
        horizon lies beyond the article's; whether there is an earlier edition to compare with.
    simulated_after : str
        Day after which nothing was observed (ISO), or ``none``.
    notice : str
        The sentence that every page bears.
    previous : str
        Edition that the page of changes compares with, or ``none``.
    parameters : str
        The parameters that differ from their defaults, or ``none``.
    horizon_months : str
        Last month of curves and rates.
    horizon, population, confidence, disclosure : str
        For prose: ``24 months``, ``all patients``, ``95 %``, ``none``.
    version, commit, built : str
        Version of the package, commit of the source, and the day of that commit: a build reads no
        other clock, so that it gives the same bytes again.
    values : dict
        All parameters of the notebooks, by name.
    pages : list of str
        The pages in reading order, without suffix; from another edition, a reader is led to the
        same page where it is among them.
    """

    edition: str
    release: str
    title: str
    release_cutoff: str
    cutoff: str
    synthetic: str
    reconstructed: str
    simulated: str
    comparable: str
    simulated_after: str
    longer: str
    compared: str
    notice: str
    previous: str
    parameters: str
    horizon_months: str
    horizon: str
    population: str
    confidence: str
    disclosure: str
    version: str
    commit: str
    built: str
    values: Parameters
    pages: list[str]

    def texts(self) -> dict[str, str]:
        """Return the facts that prose can show.

        Returns
        -------
        dict of str to str
            Every field but `values` and `pages`.
        """
        return {each.name: getattr(self, each.name) for each in fields(self) if each.type == "str"}


def gather(
    edition: str,
    release: Release,
    values: Parameters,
    defaults: Parameters,
    *,
    pages: list[str],
    horizon: int,
    previous: str | None,
    commit: Commit,
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
    pages : list of str
        Its pages.
    horizon : int
        Last month of curves and rates.
    previous : str or None
        Edition that this one is compared with.
    commit : Commit
        Of the source.

    Returns
    -------
    Facts
        Ready to be shown.
    """
    different = changed(values, defaults)
    after = release.simulated_after
    level = values.get("conf_level")
    return Facts(
        edition=edition,
        release=release.id,
        title=release.title,
        release_cutoff=release.data_cutoff.isoformat(),
        cutoff=str(values.get("cutoff") or release.data_cutoff.isoformat()),
        synthetic=_yes(release.synthetic),
        reconstructed=_yes(release.synthetic and after is None),
        simulated=_yes(after is not None),
        comparable=_yes(check_parameters(**values).comparable),
        simulated_after=after.isoformat() if after else "none",
        longer=_yes(horizon > ARTICLE_HORIZON),
        compared=_yes(previous is not None),
        notice=_notice(release),
        previous=previous or "none",
        parameters=", ".join(f"{name} = {value}" for name, value in different.items()) or "none",
        horizon_months=str(horizon),
        horizon=f"{horizon} months",
        population=str(values.get("population") or "all patients"),
        confidence=f"{float(level) * 100:g} %" if isinstance(level, int | float) else "unknown",
        disclosure=str(values.get("disclosure")),
        version=nissc1.__version__,
        commit=commit.id,
        built=commit.date,
        values=values,
        pages=pages,
    )


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def _notice(release: Release) -> str:
    if release.simulated_after is not None:
        day = release.simulated_after.isoformat()
        return f"Simulated: nothing after {day} happened to anyone"
    return "Synthetic reconstruction, not patient data" if release.synthetic else "Registry data"


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
    path.write_text(text(facts), "utf-8")
    return path


def text(facts: Facts) -> str:
    """Write the facts as JSON.

    Parameters
    ----------
    facts : Facts
        The facts.

    Returns
    -------
    str
        Content of ``edition.json``.
    """
    return json.dumps(asdict(facts), ensure_ascii=False, indent=1) + "\n"


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
        If the file is missing, no JSON object, or names no edition and release.

    Notes
    -----
    An edition outlives the program that built it: facts that this program does not know are passed
    over, and those that an older one did not write are "unknown".
    """
    try:
        written = json.loads(path.read_text("utf-8"))
        known = {
            "values": {},
            "pages": [],
            **{name: written[name] for name in ("edition", "release")},
        }
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise BuildError(
            f"{path.name} in {path.parent.name} is no record of an edition: {fault}"
        ) from None
    blank = {each.name: "unknown" for each in fields(Facts)}
    return Facts(**{**blank, **known, **{name: written[name] for name in blank if name in written}})
