"""New patients: a survivor's records, each measured value shifted a little."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from decimal import Decimal

from nissc1.simulate.hazards import normal
from nissc1.simulate.known import Known, Row
from nissc1.simulate.measures import NAMES, plain


@dataclass(frozen=True)
class Shift:
    """Say how measured values of a new patient depart from those of the one drawn.

    Attributes
    ----------
    columns : tuple of str
        Values that are shifted together, by the same amount.
    spread : float
        Standard deviation of the shift.
    relative : bool
        Whether it is a share of the value.
    decimals : int
        Of the values written.
    """

    columns: tuple[str, ...]
    spread: float
    relative: bool = False
    decimals: int = 0


PATIENT_SHIFTS = (
    Shift(("age_years",), 2),
    Shift(("height_cm",), 2),
    Shift(("weight_kg",), 0.05, relative=True, decimals=1),
    Shift(("disease_duration_months",), 0.15, relative=True, decimals=1),
    Shift(("fev1_pct",), 4, decimals=1),
    Shift(("sbp_mmhg", "dbp_mmhg"), 5),
    Shift(("heart_rate_bpm",), 4),
    Shift(("lvef_pct", "scintigraphy_lvef_pct"), 2),
    Shift(("spap_mmhg",), 3),
    Shift(("pap_mean_mmhg", "pap_systolic_mmhg", "pap_diastolic_mmhg"), 1),
    Shift(("ck_u_l",), 0.15, relative=True),
    Shift(("creatinine_umol_l",), 0.08, relative=True),
    Shift(("prior_cyclophosphamide_g",), 0.15, relative=True, decimals=1),
)
TRANSPLANT_SHIFTS = (
    Shift(("mobilisation_stay_days",), 1),
    Shift(("mobilisation_to_conditioning_days",), 0.15, relative=True),
    Shift(("cd34_dose",), 0.15, relative=True, decimals=2),
    Shift(("gcsf_after_days",), 1),
    # Engraftment comes before discharge in the one drawn, so also here.
    Shift(("neutrophil_engraftment_day", "conditioning_stay_days"), 1),
    Shift(("platelet_engraftment_day",), 1),
)
VISIT_SHIFTS = (
    Shift(("mrss",), 2),
    Shift(("fvc_pct",), 3, decimals=1),
    Shift(("dlco_pct",), 3, decimals=1),
    Shift(("esr_mm_h",), 0.15, relative=True),
)


def draw_days(
    rng: random.Random, count: int, bounds: tuple[dt.date, dt.date], taken: set[dt.date]
) -> list[dt.date]:
    """Draw dates of transplantation.

    Parameters
    ----------
    rng : random.Random
        Source of chance.
    count : int
        How many.
    bounds : tuple of datetime.date
        First and last possible one.
    taken : set of datetime.date
        Dates of other patients; by a date of their own nobody is mistaken for another.

    Returns
    -------
    list of datetime.date
        Different ones, ascending.
    """
    first, last = bounds
    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    return sorted(rng.sample([day for day in days if day not in taken], count))


def baseline(
    rng: random.Random, known: Known, template: str, patient: str, day_0: dt.date
) -> tuple[Row, Row, Row]:
    """Make a new patient's records of screening and procedure.

    Parameters
    ----------
    rng : random.Random
        The patient's own source of chance.
    known : Known
        Earlier release.
    template : str
        Pseudonym of the patient drawn, whose centre the new one has, too.
    patient : str
        New pseudonym.
    day_0 : datetime.date
        Date of transplantation.

    Returns
    -------
    tuple of dict
        Rows of ``patients`` and ``transplants``, and the measurements at month 0.
    """
    patients, transplants, visits = (
        known.tables[name] for name in ("patients", "transplants", "visits")
    )
    at_0 = [row for row in visits if row["month"] == "0"]
    person = _shifted(rng, known.by_patient("patients")[template], PATIENT_SHIFTS, patients)
    procedure = known.by_patient("transplants")[template]
    procedure = _shifted(rng, procedure, TRANSPLANT_SHIFTS, transplants)
    (first,) = [row for row in at_0 if row["patient_id"] == template]
    measurements = _shifted(rng, first, VISIT_SHIFTS, at_0)
    return (
        person | {"patient_id": patient},
        procedure | {"patient_id": patient, "transplant_date": day_0.isoformat()},
        {name: measurements[name] for name in NAMES},
    )


def _shifted(rng: random.Random, row: Row, shifts: tuple[Shift, ...], others: list[Row]) -> Row:
    """Shift a row's values, none beyond the range of the others; missing ones stay missing."""
    made = dict(row)
    for shift in shifts:
        amount = shift.spread * normal(rng)
        values = {name: float(row[name]) for name in shift.columns if row[name]}
        moved = {
            name: value * (1 + amount) if shift.relative else value + amount
            for name, value in values.items()
        }
        ranges = {name: [float(other[name]) for other in others if other[name]] for name in values}
        if all(
            min(ranges[name]) <= round(moved[name], shift.decimals) <= max(ranges[name])
            for name in moved
        ):
            made |= {name: _written(value, shift.decimals) for name, value in moved.items()}
    return made


def _written(value: float, decimals: int) -> str:
    return plain(Decimal(round(value * 10**decimals)).scaleb(-decimals))
