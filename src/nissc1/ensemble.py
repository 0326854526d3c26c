"""How far print leaves a figure open: the same analysis of many reconstructed cohorts.

Every seed of `nissc1.reconstruct` gives other patients who all print as the article does. A figure
that the article prints is the same in each of them; one that it does not print scatters, and by how
much shows that it cannot be read off a reconstruction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from nissc1 import endpoints
from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.cohort.release import Cohort, load_release
from nissc1.prognosis import covariates
from nissc1.reconstruct import write_release
from nissc1.reconstruct.assumptions import RELEASE_ID
from nissc1.stats import cox, cumulative_incidence, kaplan_meier, logrank_test, spearman
from nissc1.stats.inputs import FloatArray

#: Patients from which a centre counts as large.
LARGE_CENTRE = 8
PRINTED, ASSUMED, FREE = "printed", "assumed", "free"


@dataclass(frozen=True)
class Figure:
    """Hold one figure of one cohort.

    Attributes
    ----------
    figure : str
        Id, made like those of the results records.
    label : str
        What it is, for people.
    kind : str
        ``printed``: the article prints it. ``assumed``: not printed, yet the same in all cohorts
        by an assumption of the reconstruction (nobody progresses or dies after the last printed
        event). ``free``: print leaves it open.
    estimate : float
        Its value.
    unit : str
        ``%``, ``points``, or empty for ratios, correlations and P values.
    n : int
        Patients that it is computed from.
    n_at_risk : int or None
        Still at risk at the time of a rate.
    """

    figure: str
    label: str
    kind: str
    estimate: float
    unit: str
    n: int
    n_at_risk: int | None = None


def fine_gray_ratios(
    time: FloatArray, cause: FloatArray, covariates: FloatArray, *, tries: int = 50
) -> FloatArray:
    """Estimate subdistribution hazard ratios of the event of interest.

    Parameters
    ----------
    time : array of float, shape (n,)
        Time to the first event or to censoring.
    cause : array of int, shape (n,)
        0 censored, 1 event of interest, 2 competing event.
    covariates : array of float, shape (n, k)
        Fixed covariates.
    tries : int
        Newton steps at most.

    Returns
    -------
    array of float, shape (k,)
        Hazard ratios; ties as Breslow's.

    Raises
    ------
    ValueError
        When Newton's method does not converge.

    Notes
    -----
    Patients with a competing event stay in the risk set, weighted by the probability to be still
    uncensored since then (Fine and Gray 1999).
    """
    free = kaplan_meier(time, (cause == 0).astype(int))
    events = np.flatnonzero(cause == 1)
    # Uncensored just before each day: an event comes before a censoring of the same day.
    uncensored = free.at(np.nextafter(time, -np.inf))["estimate"].to_numpy(dtype=float)
    at_event, own = uncensored[events][:, None], uncensored[None, :]
    competed = (cause == 2)[None, :] & (time[None, :] < time[events][:, None])
    weights = np.where(competed, at_event / own, time[None, :] >= time[events][:, None])
    x = covariates - covariates.mean(axis=0)
    beta = np.zeros(x.shape[1])
    for _ in range(tries):
        mass = weights * np.exp(x @ beta)
        share = mass / mass.sum(axis=1, keepdims=True)
        means = share @ x
        score = (x[events] - means).sum(axis=0)
        squares = np.einsum("ei,ij,ik->jk", share, x, x) - means.T @ means
        step = np.linalg.solve(squares, score)
        beta = beta + step
        if float(np.abs(step).max()) < 1e-10:
            ratios: FloatArray = np.exp(beta)
            return ratios
    raise ValueError(
        f"The model of the subdistribution hazard did not converge in {tries} steps. Check that "
        "events occur with and without each characteristic."
    )


def _rate(
    cohort: Cohort, name: str, months: int, label: str, kind: str, of: str = "progression_free"
) -> Figure:
    """Read a rate in percent, with the number at risk."""
    if of in ("progression", "response"):
        times = getattr(endpoints, of)(cohort)
        curve = cumulative_incidence(times["time"], times["cause"])
    else:
        times = getattr(endpoints, f"{of}_survival")(cohort)
        curve = kaplan_meier(times["time"], times["event"])
    row = curve.at([months * DAYS_PER_MONTH]).iloc[0]
    return Figure(name, label, kind, 100 * row["estimate"], "%", len(times), int(row["n_at_risk"]))


def _groups(cohort: Cohort) -> dict[str, tuple[str, Cohort]]:
    """Split the cohort by what print does not cross with progression-free survival."""
    sizes = cohort.patients["centre"].value_counts()
    large = ", ".join(f'"{centre}"' for centre in sorted(sizes.index[sizes >= LARGE_CENTRE]))
    filters = {
        "women": ("women", 'sex == "F"'),
        "men": ("men", 'sex == "M"'),
        "selected": ("CD34+ selected grafts", "cd34_selection == True"),
        "unselected": ("unselected grafts", "cd34_selection == False"),
        "large_centres": (f"centres of {LARGE_CENTRE} or more", f"centre in [{large}]"),
        "small_centres": ("smaller centres", f"centre not in [{large}]"),
    }
    return {name: (label, cohort.select(rule)) for name, (label, rule) in filters.items()}


def figures(cohort: Cohort) -> Iterator[Figure]:
    """Compute the figures of one cohort that the ensemble compares.

    Parameters
    ----------
    cohort : Cohort
        All patients.

    Yields
    ------
    Figure
        Those which print pins first.
    """
    yield _rate(cohort, "os.24m", 24, "Overall survival at 2 years", PRINTED, "overall")
    yield _rate(cohort, "pfs.24m", 24, "Progression-free survival at 2 years", PRINTED)
    yield _rate(cohort, "progression.24m", 24, "Progression by 2 years", PRINTED, "progression")
    yield _rate(cohort, "response.24m", 24, "Response by 2 years", PRINTED, "response")
    yield from _models(cohort)
    yield _rate(cohort, "os.36m", 36, "Overall survival at 3 years", ASSUMED, "overall")
    yield _rate(cohort, "pfs.36m", 36, "Progression-free survival at 3 years", ASSUMED)
    for name, (label, group) in _groups(cohort).items():
        yield _rate(group, f"pfs.24m.{name}", 24, f"PFS at 2 years, {label}", FREE)
    pfs = endpoints.progression_free_survival(cohort).set_index("patient_id")
    baseline = cohort.baseline()
    sex = logrank_test(pfs["time"], pfs["event"], baseline["sex"].loc[pfs.index])
    yield Figure("pfs.sex_p", "PFS by sex, log-rank P", FREE, sex.p_value, "", len(pfs))
    yield _rate(cohort, "response.6m", 6, "Response by 6 months", FREE, "response")
    for name, column in (("mrss", "mrss"), ("fvc", "fvc_pct"), ("dlco", "dlco_pct")):
        seen = cohort.visits.loc[cohort.visits["month"] == 6, column].dropna()
        unit = "points" if name == "mrss" else "% of predicted"
        label = f"Mean {'mRSS' if name == 'mrss' else name.upper()} at 6 months"
        yield Figure(f"{name}.mean.6m", label, FREE, float(seen.mean()), unit, len(seen))
    both = baseline[["mrss", "fvc_pct"]].dropna().astype(float)
    rho = spearman(both["mrss"], both["fvc_pct"]).coefficient
    label = "Spearman correlation of skin score and FVC at baseline"
    yield Figure("baseline.mrss_fvc_correlation", label, FREE, float(rho), "", len(both))
    events = cohort.adverse_events
    infected = baseline.index.isin(events.loc[events["category"] == "infectious", "patient_id"])
    for name, code in (("women", "F"), ("men", "M")):
        inside = (baseline["sex"] == code).to_numpy(dtype=bool)
        share = 100 * float(infected[inside].mean())
        label = f"Infection within 100 days, {name}"
        yield Figure(f"infections.{name}", label, FREE, share, "%", int(inside.sum()))


def _models(cohort: Cohort) -> Iterator[Figure]:
    """Fit the printed Cox model, and the same covariates to progression alone."""
    coded = covariates(cohort.baseline())[["mrss_over_24", "age"]]
    names = list(coded.columns)
    labels = {"mrss_over_24": "skin score above 24", "age": "age per 10 years"}
    pfs = endpoints.progression_free_survival(cohort).join(coded, on="patient_id")
    joint = cox(pfs, time="time", event="event", covariates=names).table()
    for name in names:
        ratio = float(joint["hazard_ratio"][name])
        label = f"Hazard ratio for PFS, {labels[name]}"
        yield Figure(f"pfs.cox.{name}", label, PRINTED, ratio, "", len(pfs))
    courses = endpoints.progression(cohort).join(coded, on="patient_id")
    time, cause = (courses[name].to_numpy(dtype=float) for name in ("time", "cause"))
    ratios = fine_gray_ratios(time, cause, courses[names].to_numpy(dtype=float))
    for name, value in zip(names, ratios, strict=True):
        label = f"Subdistribution hazard ratio for progression, {labels[name]}"
        yield Figure(f"progression.fine_gray.{name}", label, FREE, float(value), "", len(courses))


def seed_figures(seed: int) -> pd.DataFrame:
    """Reconstruct a cohort and compute its figures.

    Parameters
    ----------
    seed : int
        Of `nissc1.reconstruct.write_release`, which refuses a cohort that misses print.

    Returns
    -------
    DataFrame
        One row a figure: ``seed`` and the fields of `Figure`.
    """
    with TemporaryDirectory() as folder:
        write_release(Path(folder) / RELEASE_ID, seed=seed)
        found = list(figures(load_release(RELEASE_ID, data=Path(folder))))
    frame = pd.DataFrame([asdict(figure) for figure in found])
    frame.insert(0, "seed", seed)
    return frame.astype({"n_at_risk": "Int64"})


def write_ensemble(
    folder: Path,
    *,
    seeds: Sequence[int],
    jobs: int = 2,
    progress: Callable[[str], None] | None = None,
) -> None:
    """Reconstruct a cohort a seed and write the figures of all to one CSV file.

    Parameters
    ----------
    folder : Path
        Made where it does not exist; the file is named after the release.
    seeds : sequence of int
        Seeds, no two the same.
    jobs : int
        Processes.
    progress : callable, optional
        Receives one line a cohort.

    Raises
    ------
    ValueError
        When a seed is listed twice, or none is.
    nissc1.reconstruct.targets.MissedFigureError
        When no cohort of a seed meets every printed figure.
    """
    if not seeds or len(set(seeds)) < len(seeds):
        raise ValueError(
            f"{len(seeds)} seed(s) given, {len(set(seeds))} of them different. Give at least one, "
            "each once."
        )
    parts = []
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        for seed, part in zip(seeds, pool.map(seed_figures, seeds), strict=True):
            parts.append(part)
            if progress is not None:
                progress(f"cohort {len(parts)} of {len(seeds)}, seed {seed}: {len(part)} figures")
    folder.mkdir(parents=True, exist_ok=True)
    pd.concat(parts).to_csv(
        folder / f"{RELEASE_ID}.csv", index=False, float_format="%.6g", lineterminator="\n"
    )
