"""Time each estimator against R on simulated registries, and compare what they give.

    python benchmarks/estimators.py          # 10^3 to 10^6 patients, the better part of an hour
    python benchmarks/estimators.py --sizes 1000 10000 --ties days --repeats 3 --crr 1000  # 1 min

Both sides get the same bytes. A round runs every estimator once in Python and once in R, in fresh
processes that alternate; start and reading are not part of a time. Medians of the rounds are
printed with their ratio, the largest relative difference of what was estimated, each estimator's
peak memory in a process of its own, and the slope of the log-log line. R's crr takes time with the
square of the patients: it is run up to --crr, without its standard errors up to --crr-coefficients.
Results are written to _build/benchmarks/estimators.json.
"""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import measure
import numpy as np
import pandas as pd
from simulate_registry import cohort

from nissc1 import stats
from nissc1.endpoints import progression

SCRIPT = Path(__file__)
COLUMNS = ("time", "event", "cause", "group", *(f"x{k}" for k in range(1, 6)))
TIES = ("days", "continuous")
COX = ["x1", "x2", "x3", "x4", "x5"]
FromR = dict[tuple[str, str], np.ndarray]
R_ITSELF = ("version$version.string", "packageVersion('survival')", "packageVersion('cmprsk')")


def survival_data(patients: int, ties: str, seed: int) -> pd.DataFrame:
    """Time to progression with death competing, three age groups, five covariates."""
    registry = cohort(patients, seed)
    times, baseline = progression(registry), registry.baseline()
    day = times["time"].to_numpy()
    if ties == "continuous":  # in steps of a 1024th of a day: R takes what is closer for tied
        day = day + np.random.default_rng(seed).integers(0, 1024, patients) / 1024
    age = baseline["age_years"].to_numpy(dtype=float)
    return pd.DataFrame(
        {
            "time": day,
            "event": (times["cause"] > 0).to_numpy(dtype=float),
            "cause": times["cause"].to_numpy(dtype=float),
            "group": np.digitize(age, [38, 48]).astype(float),
            "x1": age / 10,
            "x2": (baseline["sex"] == "F").to_numpy(dtype=float),
            "x3": baseline["disease_duration_months"].to_numpy(dtype=float),
            "x4": baseline["cd34_selection"].to_numpy(dtype=float),
            "x5": baseline["mrss"].fillna(24).to_numpy(dtype=float),  # crr takes no missing value
        }
    )


def estimators(data: pd.DataFrame) -> dict[str, Callable[[], Any]]:
    """What is timed; where R computes both causes in one call, both are computed here."""
    time, event, cause, group = (data[name] for name in COLUMNS[:4])
    return {
        "kaplan_meier": lambda: stats.kaplan_meier(time, event),
        "cumulative_incidence": lambda: [
            stats.cumulative_incidence(time, cause, of=of) for of in (1, 2)
        ],
        "logrank": lambda: stats.logrank_test(time, event, group),
        "gray": lambda: [stats.gray_test(time, cause, group, of=of) for of in (1, 2)],
        "cox": lambda: stats.cox(data, time="time", event="event", covariates=COX),
        "fine_gray": lambda: stats.fine_gray(data, time="time", cause="cause", covariates=COX),
    }


NAMES = tuple(estimators(pd.DataFrame(columns=COLUMNS)))


def values(name: str, result: Any, data: pd.DataFrame) -> dict[str, list[float]]:
    """Read the numbers that estimators.R writes."""
    at = np.quantile(data["time"], np.arange(1, 20) / 20, method="inverted_cdf")
    if name == "kaplan_meier":
        return {part: list(result.at(at)[part]) for part in ("estimate", "std_error")}
    if name == "cumulative_incidence":
        return {
            f"{part}.{of}": list(curve.at(at)[part])
            for of, curve in enumerate(result, start=1)
            for part in ("estimate", "std_error")
        }
    if name == "logrank":
        return {"statistic": [result.statistic]}
    if name == "gray":
        return {"statistic": [test.statistic for test in result]}
    return {"coef": list(result.coef), "std_error": list(result.std_error)}


def read(path: str, patients: int) -> pd.DataFrame:
    columns = np.fromfile(path).reshape(len(COLUMNS), patients)
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))


def run(path: str, patients: int, names: list[str], calls: int) -> dict[str, Any]:
    """Answer of a child process."""
    for call in estimators(read(path, patients)[:200]).values():
        call()  # imports and caches
    data = read(path, patients)
    answer: dict[str, Any] = {}
    for name in names:
        call = estimators(data)[name]
        took = measure.seconds(call, calls)
        peak = measure.peak_megabytes()
        answer[name] = {
            "seconds": took,
            "megabytes": peak,
            "values": values(name, call(), data) if len(names) > 1 else {},
        }
    return answer


def run_r(path: Path, patients: int, names: list[str], calls: int, *, model: str = "") -> FromR:
    output = path.with_suffix(".csv")
    script = SCRIPT.with_suffix(".R")
    arguments = [path, patients, output, ",".join(names), calls, model]
    subprocess.run(["Rscript", script, *map(str, arguments)], check=True, capture_output=True)
    found = pd.read_csv(output).groupby(["estimator", "quantity"], sort=False)["value"]
    return {key: part.to_numpy() for key, part in found}


def difference(ours: dict[str, list[float]], theirs: FromR, name: str) -> float:
    """Largest difference, relative to the larger of R's number and a hundred-thousandth."""
    largest = 0.0
    for quantity, numbers in ours.items():
        if (there := theirs.get((name, quantity))) is not None:
            apart = np.abs(np.array(numbers) - there) / np.maximum(np.abs(there), 1e-5)
            largest = max(largest, float(apart.max()))
    return largest


def one_size(patients: int, ties: str, given: argparse.Namespace, folder: Path) -> list[dict]:
    """Compare the two sides at one number of patients."""
    path = folder / f"{ties}-{patients}.bin"
    data = survival_data(patients, ties, given.seed)
    np.ascontiguousarray(data.to_numpy().T).tofile(path)
    names = [name for name in NAMES if name in given.estimators]
    quick = [name for name in names if name != "fine_gray"]
    calls = max(1, min(20, 20_000 // patients))
    rounds, theirs = [], []
    for _ in range(given.repeats):
        rounds.append(measure.child(SCRIPT, "--child", path, patients, ",".join(names), calls))
        theirs.append(run_r(path, patients, quick, calls))
    crr = None
    if "fine_gray" in names and patients <= max(given.crr, given.crr_coefficients):
        model = "" if patients <= given.crr else "coefficients"
        crr = run_r(path, patients, ["fine_gray"], 1, model=model)
    rows = []
    for name in names:
        alone = measure.child(SCRIPT, "--child", path, patients, name, 1)
        ours = measure.median([each[name]["seconds"] for each in rounds])
        in_r = theirs if name != "fine_gray" else [crr] if crr is not None else []
        rounds_r = [float(each[name, "seconds"][0]) for each in in_r]
        r = measure.median(rounds_r) if in_r else None
        first = rounds[0][name]["values"]
        rows.append(
            {
                "estimator": name,
                "ties": ties,
                "patients": patients,
                "distinct_times": int(data["time"].nunique()),
                "seconds": ours,
                "seconds_r": r,
                "ratio": ours / r if r else None,
                "difference": difference(first, in_r[0], name) if in_r else None,
                "megabytes": alone[name]["megabytes"],
                "megabytes_r": float(in_r[0][name, "megabytes"][0]) if in_r else None,
                "rounds": [each[name]["seconds"] for each in rounds],
                "rounds_r": rounds_r,
            }
        )
    path.unlink()
    return rows


def slopes(rows: list[dict]) -> list[dict]:
    """Slope of each estimator's log-log line."""
    found = []
    for name, ties in itertools.product(NAMES, TIES):
        own = [row for row in rows if (row["estimator"], row["ties"]) == (name, ties)]
        if own:
            sizes = [row["patients"] for row in own]
            in_r = [row for row in own if row["seconds_r"]]
            found.append(
                {
                    "estimator": name,
                    "ties": ties,
                    "slope": measure.slope(sizes, [row["seconds"] for row in own]),
                    "slope_r": measure.slope(
                        [row["patients"] for row in in_r], [row["seconds_r"] for row in in_r]
                    ),
                }
            )
    return found


def versions_of_r() -> str:
    ask = f"cat(sapply(list({', '.join(R_ITSELF)}), as.character), sep = '; ')"
    done = subprocess.run(["Rscript", "-e", ask], check=True, capture_output=True, text=True)
    return done.stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10**3, 10**4, 10**5, 10**6])
    parser.add_argument("--ties", nargs="+", choices=TIES, default=list(TIES))
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--estimators", nargs="+", choices=NAMES, default=list(NAMES))
    parser.add_argument("--crr", type=int, default=10**4, help="most patients for R's crr")
    parser.add_argument("--crr-coefficients", type=int, default=10**4)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for ties, patients in itertools.product(given.ties, given.sizes):
            print(f"{patients} patients, {ties} …", flush=True)
            rows += one_size(patients, ties, given, Path(folder))
    rows.sort(key=lambda row: (NAMES.index(row["estimator"]), row["ties"], row["patients"]))
    form = {"estimator": "", "ties": "", "patients": "d", "distinct_times": "d", "seconds": ".4f"}
    form |= {"seconds_r": ".4f", "ratio": ".2f", "difference": ".1e", "megabytes": ".0f"}
    measure.print_table(rows, form | {"megabytes_r": ".0f"})
    lines = slopes(rows)
    measure.print_table(lines, {"estimator": "", "ties": "", "slope": ".2f", "slope_r": ".2f"})
    content = {"r": versions_of_r(), "repeats": given.repeats, "rows": rows, "slopes": lines}
    print(measure.write_results("estimators", content).relative_to(measure.ROOT))


if __name__ == "__main__":
    import sys

    if sys.argv[1:2] == ["--child"]:
        _, _, path, patients, names, calls = sys.argv
        print(json.dumps(run(path, int(patients), names.split(","), int(calls))))
    else:
        main()
