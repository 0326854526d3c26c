"""The committed simulated release is what the documented commands make, and says what it is."""

from __future__ import annotations

import contextlib
import json
import re
import shlex
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from nissc1 import cli
from nissc1.cohort.checks import check
from nissc1.cohort.differences import Differences, differences
from nissc1.cohort.release import Cohort, load_release
from nissc1.endpoints import overall_survival, progression_free_survival
from nissc1.reconstruct import FolderNotEmptyError
from nissc1.simulate import write_export
from nissc1.stats import kaplan_meier

ROOT = Path(__file__).parents[1]
RELEASES = ROOT / "data" / "releases"
COMMITTED = RELEASES / "2026.02"
FILES = sorted(path.name for path in COMMITTED.iterdir())
MADE = Path("_build") / "simulated"
EARLIER_CUTOFF = pd.Timestamp("2018-02-28")


def documented_commands() -> list[list[str]]:
    """The shell commands under "Reproduce the simulated follow-up"."""
    page = (ROOT / "book" / "update.md").read_text("utf-8")
    section = page.split("## Reproduce the simulated follow-up\n")[1]
    block = re.search(r"```shell\n(.*?)```", section, re.DOTALL)
    assert block is not None
    return [shlex.split(line) for line in block[1].replace("\\\n", " ").splitlines()]


@pytest.fixture(scope="module")
def remade(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scratch folder in which the documented commands were run, one after the other."""
    folder = tmp_path_factory.mktemp("remade")
    (folder / "data").symlink_to(ROOT / "data")
    with contextlib.chdir(folder):
        for command, *arguments in documented_commands():
            if command == "nissc1":
                result = CliRunner().invoke(cli.app, arguments)
                assert result.exit_code == 0, result.output
            else:
                done = subprocess.run([command, *arguments], capture_output=True, check=False)
                assert done.returncode == 0, (command, arguments, done.stdout, done.stderr)
    return folder


@pytest.mark.parametrize("name", FILES)
def test_the_documented_commands_make_the_committed_file_byte_for_byte(
    remade: Path, name: str
) -> None:
    made = remade / MADE / "releases" / "2026.02" / name
    assert made.read_bytes() == (COMMITTED / name).read_bytes()


def test_the_documented_commands_make_no_other_file(remade: Path) -> None:
    made = remade / MADE / "releases" / "2026.02"
    assert sorted(path.name for path in made.iterdir()) == FILES


def test_the_export_has_the_form_in_which_a_registry_sends_it(remade: Path) -> None:
    names = {path.name for path in (remade / MADE / "export").iterdir()}
    tables = {"patients", "transplants", "outcomes", "visits", "adverse_events"}
    assert names == {f"{name}.csv" for name in tables} | {"release.yml", "corrections.yml"}


def test_another_seed_makes_another_follow_up(remade: Path, tmp_path: Path) -> None:
    write_export(tmp_path / "other", seed=7)
    changed = {
        name
        for name in ("outcomes.csv", "visits.csv", "patients.csv")
        if (tmp_path / "other" / name).read_bytes()
        != (remade / MADE / "export" / name).read_bytes()
    }
    assert changed == {"outcomes.csv", "visits.csv", "patients.csv"}


def test_a_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(FolderNotEmptyError, match="new folder"):
        write_export(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_folder_with_files_ends_the_command_with_1(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    result = CliRunner().invoke(cli.app, ["simulate", "--out", str(tmp_path)])
    assert result.exit_code == 1
    assert "holds files already" in result.stderr


def test_the_release_has_no_fault() -> None:
    assert check(COMMITTED) == []


def test_the_release_says_that_it_is_simulated_and_after_which_day() -> None:
    descriptor = json.loads((COMMITTED / "datapackage.json").read_text("utf-8"))
    assert descriptor["synthetic"] is True
    assert descriptor["simulated_after"] == "2018-02-28"
    assert descriptor["data_cutoff"] == "2025-08-31"
    assert descriptor["disclosure"] == "none"
    assert descriptor["compared_with"] == "2021.02"
    assert "simulated after 2018-02-28" in descriptor["title"]
    for word in ("2018-02-28", "month 24", "N081", "by a program", "happened to nobody"):
        assert word in descriptor["synthetic_notice"]
    accepted = {each["rule"]: each["count"] for each in descriptor["accepted"]}
    assert accepted == {"baseline-changed": 2, "visit-changed": 5}


@pytest.fixture(scope="module")
def before() -> Cohort:
    return load_release("2021.02", RELEASES)


@pytest.fixture(scope="module")
def after() -> Cohort:
    return load_release("2026.02", RELEASES)


@pytest.fixture(scope="module")
def found(before: Cohort, after: Cohort) -> Differences:
    return differences(before, after)


def test_patients_come_in_and_nobody_leaves_or_is_followed_for_less_long(
    found: Differences,
) -> None:
    counts = found.patients.set_index("name")["patients"]
    assert (counts["new"], counts["gone"], counts["shorter"]) == (14, 0, 0)
    assert counts["longer"] > 50


def test_one_progression_one_infection_and_one_autoimmune_disease_are_reported_late(
    found: Differences,
) -> None:
    late = found.events.set_index("name")["reported_late"]
    assert late.drop("immunosuppression").to_dict() == {
        "death": 0, "progression": 1, "myeloid_malignancy": 0, "late_infection": 1,
        "secondary_autoimmunity": 1,
    }  # fmt: skip
    assert late["immunosuppression"] == 1  # a week after the progression
    assert not found.events["withdrawn"].any()


def test_five_visits_and_two_baseline_values_were_put_right(found: Differences) -> None:
    corrected = found.values.set_index(["table", "column"])["corrected"].to_dict()
    assert corrected == {
        ("patients", "weight_kg"): 1, ("patients", "creatinine_umol_l"): 1, ("visits", "mrss"): 2,
        ("visits", "fvc_pct"): 1, ("visits", "dlco_pct"): 1, ("visits", "esr_mm_h"): 1,
    }  # fmt: skip
    assert not found.values[["filled_in", "emptied"]].any().any()


def test_a_wrong_cell_is_mended_on_loading_and_an_open_one_is_not(after: Cohort) -> None:
    corrections = after.release.corrections.set_index("status")
    assert sorted(corrections.index) == ["confirmed", "open", "withdrawn"]
    written = pd.read_csv(COMMITTED / "visits.csv", dtype=str).set_index(["patient_id", "month"])
    for status, row in corrections.iterrows():
        place = row["patient"], row["month"]
        loaded = after.visits.set_index(["patient_id", "month"]).loc[
            (row["patient"], int(row["month"])), row["column"]
        ]
        expected = row["expected"] if status == "open" else row["value"]
        assert loaded == float(expected)
        mended_at_source = row["value"] if status == "withdrawn" else row["expected"]
        assert written.loc[place, row["column"]] == mended_at_source


def test_visits_reach_month_60(after: Cohort) -> None:
    counts = after.visits["month"].value_counts()
    assert set(counts.index) == {0, 3, 6, 12, 18, 24, 36, 48, 60}
    assert counts[[36, 48, 60]].min() >= 30


def test_events_keep_their_numbers_and_new_ones_get_new_ones(before: Cohort, after: Cohort) -> None:
    known = before.adverse_events
    pd.testing.assert_frame_equal(after.adverse_events.head(len(known)), known)
    new = after.adverse_events.iloc[len(known) :]
    assert set(new["patient_id"]) <= {f"N{number:03d}" for number in range(81, 95)}
    assert after.adverse_events["event_id"].is_unique


def test_new_patients_come_after_the_earlier_cut_off_but_two_of_the_inclusion_period(
    after: Cohort,
) -> None:
    new = after.transplants.set_index("patient_id").loc["N081":"N094", "transplant_date"]
    assert len(new) == 14
    assert new.is_monotonic_increasing
    assert (new <= EARLIER_CUTOFF).sum() == 2
    assert new[new <= EARLIER_CUTOFF].max() <= pd.Timestamp("2016-02-29")


def test_cut_back_to_what_was_known_the_two_year_figures_are_those_in_print(
    before: Cohort, after: Cohort
) -> None:
    """Henes 2021: PFS 81.8 (73.1-90.5), OS 90 (83.4-96.6) at two years.

    Follow-up is cut back to the last contacts of the earlier release, and the progression that
    was reported late is undone.
    """
    known = before.outcomes.set_index("patient_id")
    now = after.outcomes.set_index("patient_id").loc[known.index]
    day_0 = before.transplants.set_index("patient_id")["transplant_date"]
    days = now["progression_day"].astype("Float64")
    late = (
        known["progression_day"].isna()
        & (day_0 + pd.to_timedelta(days.astype(float), unit="D") <= EARLIER_CUTOFF)
    ).fillna(False)
    assert late.sum() == 1
    limit = known["last_contact_day"]
    died_later = now["last_contact_day"] > limit
    cut = now.assign(
        last_contact_day=limit,
        vital_status=now["vital_status"].mask(died_later, "alive"),
        progression_day=now["progression_day"].mask(late | (now["progression_day"] > limit)),
    )
    cohort = Cohort.from_frames({"outcomes": cut.reset_index()})
    for endpoint, printed in (
        (progression_free_survival, "81.8 (73.1-90.5)"),
        (overall_survival, "90.0 (83.4-96.6)"),
    ):
        times = endpoint(cohort)
        at = kaplan_meier(times["time"], times["event"]).at([730]).iloc[0]
        rate, low, high = (100 * at[name] for name in ("estimate", "lower", "upper"))
        assert f"{rate:.1f} ({low:.1f}-{high:.1f})" == printed


def test_the_late_report_adds_a_progression_to_the_nine_of_the_first_two_years(
    before: Cohort, after: Cohort
) -> None:
    """The article's cumulative incidence rests on five in year 1 and four in year 2."""
    known = after.outcomes["patient_id"].isin(before.outcomes["patient_id"])
    counts = [
        int((outcomes["progression_day"] <= 730).sum())
        for outcomes in (before.outcomes, after.outcomes[known])
    ]
    assert counts == [9, 10]
