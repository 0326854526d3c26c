"""Time what stands behind Tables 1 to 4, and loading, on simulated registries.

    python benchmarks/tables.py                               # 10^3 to 10^6 patients, minutes
    python benchmarks/tables.py --sizes 1000 10000 --repeats 3

Registries are drawn and written by simulate_registry.py. Each step runs in a process of its own:
the release is read from Parquet, then the step is run several times. Printed are the median time,
the peak memory of the process with the release in it, and the slope of the log-log line. Results
are written to _build/benchmarks/tables.json.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import measure
from simulate_registry import FORMS, MONTHS, RELEASE, simulate, write

from nissc1 import completeness, complications, deaths, endpoints, prognosis
from nissc1.cohort.release import Cohort, load_release
from nissc1.report.describe import describe
from nissc1.report.recorder import Recorder
from nissc1.tabulation.baseline import BASELINE
from nissc1.tabulation.deaths import CAUSES, LATE_EFFECTS
from nissc1.tabulation.procedure import ENGRAFTMENT, PROCEDURE

SCRIPT = Path(__file__)


def table_1(cohort: Cohort, report: Recorder) -> None:
    describe(report, BASELINE, cohort.baseline())


def table_2(cohort: Cohort, report: Recorder) -> None:
    describe(report, {**PROCEDURE, "Engraftment": ENGRAFTMENT}, cohort.baseline())


def table_3(cohort: Cohort, report: Recorder) -> None:
    deaths.tabulated(deaths.table(cohort))
    describe(report, CAUSES, deaths.circumstances(cohort))
    describe(report, LATE_EFFECTS, cohort.outcomes)


def table_4(cohort: Cohort, report: Recorder) -> None:
    complications.by_term(complications.complications(cohort))
    complications.complications_by_patient(cohort)
    complications.infected_by_group(cohort)


def times_to_event(cohort: Cohort, report: Recorder) -> None:
    for endpoint in (
        endpoints.overall_survival,
        endpoints.progression_free_survival,
        endpoints.progression,
        endpoints.non_relapse_mortality,
        endpoints.neutrophil_engraftment,
        endpoints.platelet_engraftment,
    ):
        endpoint(cohort)


def response(cohort: Cohort, report: Recorder) -> None:
    endpoints.response(cohort)


def complete_series(cohort: Cohort, report: Recorder) -> None:
    endpoints.complete_series(cohort, "mrss", MONTHS)


def completeness_of_data(cohort: Cohort, report: Recorder) -> None:
    completeness.enrolment(cohort)
    completeness.by_visit(cohort)
    completeness.missing(cohort)


def prognostic_factors(cohort: Cohort, report: Recorder) -> None:
    coded = prognosis.covariates(cohort.baseline())
    times = endpoints.progression_free_survival(cohort)
    chosen = prognosis.selected(prognosis.univariate(times, coded))
    prognosis.joint_model(times, coded, chosen)


def selection(cohort: Cohort, report: Recorder) -> None:
    cohort.select('sex == "F" and mrss > 24')


def earlier_cutoff(cohort: Cohort, report: Recorder) -> None:
    cohort.censored_at(dt.date(2020, 12, 31))


STEPS: dict[str, Callable[[Cohort, Recorder], None]] = {
    step.__name__: step
    for step in (
        table_1,
        table_2,
        table_3,
        table_4,
        times_to_event,
        response,
        complete_series,
        completeness_of_data,
        prognostic_factors,
        selection,
        earlier_cutoff,
    )
}
LOADING = {f"load_{form}": form for form in FORMS}


def run(step: str, folder: Path, repeats: int) -> dict[str, Any]:
    """Answer of a child process."""
    if step in LOADING:
        once = measure.seconds(lambda: load_release(RELEASE, folder / LOADING[step]))
        return {"seconds": [once], "megabytes": measure.peak_megabytes()}
    cohort = load_release(RELEASE, folder / "parquet")
    loaded = measure.peak_megabytes()
    times = []
    for _ in range(repeats):
        report = Recorder("benchmark", RELEASE, len(cohort.patients))
        times.append(measure.seconds(lambda report=report: STEPS[step](cohort, report)))
    return {"seconds": times, "megabytes": measure.peak_megabytes(), "megabytes_loaded": loaded}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10**3, 10**4, 10**5, 10**6])
    parser.add_argument("--repeats", type=int, default=3)
    names = [*LOADING, *STEPS]
    parser.add_argument("--steps", nargs="+", choices=names, default=names)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rows = []
    for patients in given.sizes:
        print(f"{patients} patients …", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            tables = simulate(patients, given.seed)
            visits = len(tables["visits"])
            for form in FORMS:
                write(tables, Path(folder), form)
            del tables
            for step in given.steps:
                answer = measure.child(SCRIPT, "--child", step, folder, given.repeats)
                middle = measure.median(answer["seconds"])
                known = {"step": step, "patients": patients, "visits": visits}
                rows.append({**known, **answer, "rounds": answer["seconds"], "seconds": middle})
    rows.sort(key=lambda row: (names.index(row["step"]), row["patients"]))
    form = {"step": "", "patients": "d", "visits": "d", "seconds": ".3f"}
    measure.print_table(rows, form | {"megabytes": ".0f", "megabytes_loaded": ".0f"})
    lines = []
    for step in given.steps:
        own = [row for row in rows if row["step"] == step]
        sizes, times = [row["patients"] for row in own], [row["seconds"] for row in own]
        lines.append({"step": step, "slope": measure.slope(sizes, times)})
    measure.print_table(lines, {"step": "", "slope": ".2f"})
    content = {"repeats": given.repeats, "rows": rows, "slopes": lines}
    print(measure.write_results("tables", content).relative_to(measure.ROOT))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _, _, step, folder, repeats = sys.argv
        print(json.dumps(run(step, Path(folder), int(repeats))))
    else:
        main()
