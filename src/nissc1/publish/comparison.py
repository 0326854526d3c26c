"""Compare two published editions: the data behind them, and their figures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from nissc1.cohort.differences import Differences, differences
from nissc1.cohort.location import present_releases, releases_root
from nissc1.cohort.release import Cohort, load_release
from nissc1.publish.editions import editions
from nissc1.publish.errors import BuildError
from nissc1.report.built_edition import BuiltEdition, read_edition
from nissc1.report.changes import compare_records
from nissc1.report.disclosure import Disclosure
from nissc1.report.plan import plan_changes


@dataclass(frozen=True)
class Comparison:
    """What differs between two editions.

    Attributes
    ----------
    before, after : str
        Names of the editions.
    data : Differences
        Counts of patients, follow-up, events and values.
    figures : DataFrame or None
        Result of `nissc1.report.changes.compare_records`; None where an edition is not built.
    plan : DataFrame or None
        Result of `nissc1.report.plan.plan_changes`; None where an edition is not built or has kept
        no plan.
    unbuilt : list of str
        The editions that are not built.
    """

    before: str
    after: str
    data: Differences
    figures: pd.DataFrame | None
    plan: pd.DataFrame | None
    unbuilt: list[str]

    def to_json(self) -> dict[str, Any]:
        """Lay the comparison out for a program.

        Returns
        -------
        dict
            ``before``, ``after``, ``unbuilt``, ``sizes``, ``patients``, ``events``, ``values``,
            ``figures`` (null where an edition is not built) and ``plan`` (null where one has kept
            none); tables are lists of objects.
        """
        tables = {
            name: getattr(self.data, name) for name in ("sizes", "patients", "events", "values")
        }
        return {
            "before": self.before,
            "after": self.after,
            "unbuilt": self.unbuilt,
            **{name: table.to_dict("records") for name, table in tables.items()},
            "figures": None if self.figures is None else self.figures.to_dict("records"),
            "plan": None if self.plan is None else self.plan.to_dict("records"),
        }


def compare_editions(site: Path, before: str, after: str, data: Path | None = None) -> Comparison:
    """Compare two editions.

    Parameters
    ----------
    site : Path
        Folder of all editions.
    before, after : str
        Full names of editions, or ids of releases. Of a release without an edition the data alone
        are compared.
    data : Path, optional
        Folder of data releases outside the project.

    Returns
    -------
    Comparison
        What differs.

    Raises
    ------
    BuildError
        If a name is neither an edition nor a release, or small counts of one of them must not be
        disclosed, which exact differences would do.
    ReleaseError
        If the data of an edition are not at hand.
    """
    names = (before, after)
    sides = [_side(site, name, data) for name in names]
    for name, (edition, cohort) in zip(names, sides, strict=True):
        rules = (cohort.release.disclosure, edition.values.get("disclosure") if edition else None)
        if Disclosure.SMALL_COUNTS in rules:
            raise BuildError(
                f"{name} withholds small counts, and exact differences would disclose them: read "
                "the page of changes of the later edition instead"
            )
    (was, earlier), (now, later) = sides
    unbuilt = [name for name, (edition, _) in zip(names, sides, strict=True) if edition is None]
    figures = compare_records(was.records, now.records) if was and now else None
    plan = plan_changes(was.records, now.records) if was and now else None
    return Comparison(before, after, differences(earlier, later), figures, plan, unbuilt)


def _side(site: Path, name: str, data: Path | None) -> tuple[BuiltEdition | None, Cohort]:
    built = editions(site)
    if name in built:
        edition = read_edition(site / name)
        return edition, edition.cohort(data)
    present = present_releases(releases_root(data))
    if name not in present:
        listed = [("editions", built), ("releases", present)]
        raise BuildError(
            f"{name} is neither an edition nor a release",
            [f"{kind}: {', '.join(known) or 'none'}" for kind, known in listed],
        )
    return None, load_release(name, data)
