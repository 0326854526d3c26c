"""What a figure says of its data, wherever its file goes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from nissc1.cohort.release import Release
from nissc1.report.parameters import check_parameters
from nissc1.report.source_line import source_line

RELEASE = Release(
    id="2026.02",
    folder=Path(),
    data_cutoff=dt.date(2025, 8, 31),
    synthetic=False,
    disclosure="none",
    title="x",
)


def line(release: Release, **changes: object) -> str:
    values: dict[str, object] = {
        "release": release.id,
        "cutoff": None,
        "horizon_months": None,
        "population": None,
        "conf_level": 0.95,
        "disclosure": "none",
    }
    return source_line(release, check_parameters(**values | changes))


def test_real_data_are_named_by_release_and_cut_off() -> None:
    assert line(RELEASE) == "NISSC1, release 2026.02, data to 2025-08-31"


def test_an_earlier_cut_off_and_a_filter_are_named() -> None:
    shown = line(RELEASE, cutoff="2015-06-30", population='sex == "F"')
    assert shown == 'NISSC1, release 2026.02, data to 2015-06-30 · sex == "F"'


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (None, "synthetic reconstruction, no real patients"),
        (dt.date(2018, 2, 28), "SIMULATED: nothing after 2018-02-28 was observed"),
    ],
)
def test_what_is_not_real_says_so(after: dt.date | None, words: str) -> None:
    assert line(replace(RELEASE, synthetic=True, simulated_after=after)).endswith(f"· {words}")
