"""Simulate a registry of many patients and write it as a data release, in CSV and in Parquet.

    python benchmarks/simulate_registry.py --patients 1000000 --to _build/benchmarks/registry

makes ``<to>/csv/2030.01`` and ``<to>/parquet/2030.01``, two releases of the same patients: day 0
over twelve years, six scheduled visits (those after death or the last contact are absent), about
one and a half adverse events a patient. Days are whole, so that times are heavily tied. The numbers
resemble the study's in size, and mean nothing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from nissc1.cohort.descriptor import build_descriptor, write_descriptor
from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.cohort.reading import DTYPES
from nissc1.cohort.release import Cohort
from nissc1.cohort.schema import fields, resource_names
from nissc1.complication_terms import TERMS

RELEASE = "2030.01"
MONTHS = (0, 3, 6, 12, 18, 24)
FIRST, LAST, CUTOFF = dt.date(2013, 1, 1), dt.date(2024, 12, 31), dt.date(2029, 12, 31)
FORMS = ("csv", "parquet")
Table = dict[str, Any]


class Simulation:
    """Draw the tables of a registry, one after the other."""

    def __init__(self, patients: int, seed: int) -> None:
        self.n = patients
        self.rng = np.random.default_rng(seed)
        self.patient = np.char.add("S", np.char.zfill(np.arange(1, patients + 1).astype(str), 7))
        self.patient = self.patient.astype(object)
        self.sick = self.rng.normal(size=patients)  # how ill; moves most of what is measured

    def yes(self, share: float) -> np.ndarray:
        return self.rng.random(self.n) < share

    def number(self, mean: float, sd: float, low: float, high: float, decimals: int = 0) -> Any:
        drawn = np.round(self.rng.normal(mean, sd, self.n), decimals)
        return np.clip(drawn, low, high)

    def choice(self, *values: str, p: list[float] | None = None) -> np.ndarray:
        return np.array(values, dtype=object)[self.rng.choice(len(values), self.n, p=p)]

    def examination(self, done: float, abnormal: float) -> np.ndarray:
        share = [done * (1 - abnormal), done * abnormal, 1 - done]
        return self.choice("normal", "abnormal", "not done", p=share)

    def patients(self) -> Table:
        n = self.n
        rhc = self.examination(0.6, 0.2)
        invasive = rhc != "not done"
        mean_pressure = self.number(16, 3, 8, 30)
        treated = self.yes(0.9)
        cyc = treated & self.yes(0.5)
        table: Table = {
            "patient_id": self.patient,
            "centre": np.char.add("C", np.char.zfill((np.arange(n) % 40 + 1).astype(str), 2)),
            "country": self.choice("BR", "EU1", "EU2", "EU3", "EU4", "EU5", "EU6"),
            "sex": self.choice("F", "M", p=[0.7, 0.3]),
            "age_years": self.number(43, 11, 18, 65),
            "height_cm": self.number(168, 9, 140, 205),
            "weight_kg": some(self.number(66, 12, 38, 140, 1), self.yes(0.97)),
            "disease_duration_months": self.number(24, 15, 1, 240, 1),
            "fev1_pct": some(self.number(78, 14, 20, 140, 1), self.yes(0.9)),
            "lung_crepitations": self.yes(0.5),
            "chest_xray": self.examination(0.8, 0.4),
            "hrct": self.examination(0.95, 0.8),
            "sbp_mmhg": self.number(118, 14, 85, 190),
            "dbp_mmhg": self.number(70, 6, 40, 84),
            "heart_rate_bpm": self.number(82, 12, 45, 140),
            "resting_ecg": self.examination(0.98, 0.25),
            "holter_ecg": self.examination(0.7, 0.3),
            "lvef_pct": some(self.number(62, 6, 35, 80), self.yes(0.98)),
            "scintigraphy_lvef_pct": some(self.number(60, 7, 35, 80), self.yes(0.05)),
            "pericardial_effusion": self.yes(0.15),
            "spap_mmhg": some(self.number(28, 6, 12, 60), self.yes(0.8)),
            "cardiac_mri": self.examination(0.6, 0.3),
            "rhc": rhc,
            "pap_mean_mmhg": some(mean_pressure, invasive),
            "pap_systolic_mmhg": some(mean_pressure + 8, invasive),
            "pap_diastolic_mmhg": some(mean_pressure - 6, invasive),
            "fluid_challenge": some(self.yes(0.5), invasive),
            "ck_u_l": some(np.clip(np.round(np.exp(self.rng.normal(4.7, 0.8, n))), 10, 15000)),
            "creatinine_umol_l": self.number(66, 14, 30, 200),
            "ana": self.yes(0.95),
            "prior_immunosuppression": treated,
            "prior_cyclophosphamide": cyc,
            "prior_cyclophosphamide_g": some(self.number(7, 4, 0.5, 60, 1), cyc),
        }
        for name in ("joint_involvement", "muscle_weakness", "proteinuria", "haematuria"):
            table[name] = self.yes(0.2)
        for name in ("anti_scl70", "anti_centromere"):
            table[name] = self.yes(0.4)
        for agent in ("methotrexate", "mycophenolate", "prednisone", "azathioprine", "atg"):
            table[f"prior_{agent}"] = treated & self.yes(0.25)
        table["prior_ciclosporin"] = treated & self.yes(0.05)
        self.age, self.female = table["age_years"], table["sex"] == "F"
        return table

    def outcomes(self) -> Table:
        n, rng = self.n, self.rng
        self.day_0 = rng.integers(0, (LAST - FIRST).days + 1, n)
        to_cutoff = (CUTOFF - FIRST).days - self.day_0
        lost = np.floor(rng.exponential(6000, n))
        hazard = np.exp(0.4 * self.sick + 0.02 * (self.age - 43) - 0.2 * self.female)
        procedure = np.where(self.yes(0.06), rng.integers(0, 101, n), 10**6)
        death = np.minimum(np.floor(rng.exponential(9000 / hazard)), procedure)
        progression = np.floor(rng.exponential(5000 / hazard))
        after = progression + np.floor(rng.exponential(1500, n))
        death = np.where(progression < death, np.minimum(death, after), death)
        last = np.minimum(np.minimum(death, lost), to_cutoff)
        dead, progressed = death <= last, progression <= last
        cause = np.where(progressed, "progression", np.where(last <= 100, "transplant related", ""))
        cause = np.where(cause == "", "other", cause)
        detail = self.choice("Cardiac toxicity", "Sepsis", "Respiratory failure", "Progression")
        self.last, self.dead = last, dead
        other = {
            "immunosuppression_day": rng.exponential(6000, n),
            "myeloid_malignancy_day": rng.exponential(200_000, n),
            "late_infection_day": 101 + rng.exponential(40_000, n),
            "secondary_autoimmunity_day": rng.exponential(60_000, n),
        }
        return {
            "patient_id": self.patient,
            "last_contact_day": last,
            "vital_status": np.where(dead, "dead", "alive").astype(object),
            "cause_of_death": some(cause.astype(object), dead),
            "cause_of_death_detail": some(detail, dead),
            "progression_day": some(progression, progressed),
            "progression_basis": some(self.choice("skin", "lung", "heart"), progressed),
            **{name: some(np.floor(day), np.floor(day) <= last) for name, day in other.items()},
        }

    def transplants(self) -> Table:
        mobilised, thiotepa = self.yes(0.95), self.yes(0.2)
        grafalon, gcsf, never = self.yes(0.3), self.yes(0.6), self.yes(0.1)
        neutrophils, platelets = self.number(11, 2, 6, 25), self.number(11, 4, 5, 40)
        engrafted = neutrophils <= self.last
        stay = np.minimum(self.number(32, 8, 26, 90), self.last + 5)
        brand = np.where(grafalon, "Grafalon", "Thymoglobulin").astype(object)
        dose = np.where(grafalon, self.number(40, 8, 20, 60), self.number(6.5, 1, 4.5, 7.5, 1))
        return {
            "patient_id": self.patient,
            "transplant_date": np.datetime64(FIRST) + self.day_0.astype("timedelta64[D]"),
            "mobilisation_cyc": mobilised,
            "mobilisation_cyc_g_m2": some(np.where(self.yes(0.6), 2.0, 4.0), mobilised),
            "mobilisation_gcsf": self.yes(0.98),
            "leukaphereses": self.number(1.5, 0.6, 1, 4),
            "mobilisation_stay_days": self.number(10, 4, 1, 40),
            "mobilisation_to_conditioning_days": self.number(50, 20, 10, 300),
            "cd34_selection": self.yes(0.45),
            "cd34_dose": self.number(6, 2.5, 1.5, 25, 2),
            "conditioning_cyc_mg_kg": np.where(thiotepa, 100, 200),
            "thiotepa_mg_kg": np.where(thiotepa, 10, 0),
            "atg_brand": brand,
            "atg_dose_mg_kg": dose,
            "atg_days": self.number(5, 1, 3, 8),
            "total_body_irradiation": self.yes(0.02),
            "methylprednisolone": self.yes(0.9),
            "gcsf_after": gcsf,
            "gcsf_after_days": some(self.number(9, 2, 1, 30), gcsf),
            "neutrophil_engraftment_day": some(neutrophils, engrafted & (neutrophils <= stay)),
            "platelet_engraftment_day": some(platelets, (platelets <= self.last) & ~never),
            "platelets_never_below_20": never,
            "conditioning_stay_days": stay,
        }

    def visits(self) -> Table:
        n, m = self.n, len(MONTHS)
        month = np.tile(np.array(MONTHS), n)
        spread = self.rng.integers(-15, 16, n * m)
        day = np.where(month == 0, -np.abs(spread), np.round(month * DAYS_PER_MONTH) + spread)
        who = np.repeat(np.arange(n), m)
        better = np.log1p(month) / np.log(25)
        sick = np.repeat(self.sick, m) + 0.3 * self.rng.normal(size=n * m)
        measured = {
            "mrss": (24 + 6 * sick - 8 * better, 0, 51, 0),
            "fvc_pct": (76 - 9 * sick + 5 * better, 20, 140, 1),
            "dlco_pct": (58 - 9 * sick + 2 * better, 10, 130, 1),
            "shaq": (1.3 + 0.4 * sick - 0.5 * better, 0, 3, 2),
            "esr_mm_h": (25 + 10 * sick - 6 * better, 1, 140, 0),
        }
        kept = day <= self.last[who]
        table: Table = {"patient_id": self.patient[who[kept]], "month": month[kept]}
        table["visit_day"] = day[kept]
        for name, (value, low, high, decimals) in measured.items():
            value = np.clip(np.round(value[kept], decimals), low, high)
            table[name] = some(value, self.rng.random(kept.sum()) < 0.93)
        return table

    def adverse_events(self) -> Table:
        who = np.repeat(np.arange(self.n), self.rng.poisson(1.5, self.n))
        events = len(who)
        term = self.rng.integers(0, len(TERMS), events)
        limit = np.minimum(self.last[who], 100)
        onset = np.floor(self.rng.random(events) * (limit + 1))
        early = self.dead[who] & (self.last[who] <= 100)

        def of_term(name: str) -> np.ndarray:
            return np.array([getattr(each, name) for each in TERMS], dtype=object)[term]

        return {
            "event_id": np.char.add("E", np.arange(1, events + 1).astype(str)).astype(object),
            "patient_id": self.patient[who],
            "onset_day": onset,
            "category": of_term("category"),
            "agent": of_term("agent"),
            "term": of_term("term"),
            "fatal": early & (self.rng.random(events) < 0.5),
        }


def some(values: Any, known: Any = None) -> pd.Series:
    """Let the values be missing where they are not known."""
    series = pd.Series(values)
    return series if known is None else series.convert_dtypes().where(np.asarray(known))


def simulate(patients: int, seed: int = 1) -> dict[str, pd.DataFrame]:
    """Draw a registry: its tables in the types of the schema."""
    simulation = Simulation(patients, seed)
    drawn = {"patients": simulation.patients(), "outcomes": simulation.outcomes()}
    drawn["transplants"] = simulation.transplants()
    drawn["visits"] = simulation.visits()
    drawn["adverse_events"] = simulation.adverse_events()
    return {name: typed(name, drawn[name]) for name in resource_names()}


def typed(name: str, table: Table) -> pd.DataFrame:
    columns = {}
    for field in fields(name):
        columns[field["name"]] = pd.Series(table[field["name"]]).astype(DTYPES[field["type"]])
    return pd.DataFrame(columns, copy=False)


def cohort(patients: int, seed: int = 1) -> Cohort:
    """Draw a registry as a cohort in memory."""
    return Cohort.from_frames(simulate(patients, seed))


def write(tables: dict[str, pd.DataFrame], folder: Path, form: str) -> Path:
    """Write a registry as a release: ``<folder>/<form>/2030.01``."""
    target = folder / form / RELEASE
    target.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        path = target / f"{name}.{form}"
        if form == "parquet":
            table.to_parquet(path, index=False)
        else:
            words = {
                column: table[column].map({True: "yes", False: "no"}).astype("string")
                for column in table.columns[table.dtypes == "boolean"]
            }
            table.assign(**words).to_csv(path, index=False, lineterminator="\n")
    descriptor = build_descriptor(
        release_id=RELEASE,
        data_cutoff=CUTOFF,
        synthetic=True,
        disclosure="none",
        title="Simulated registry, for benchmarks",
        folder=target,
    )
    write_descriptor(descriptor, target)
    return target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--patients", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--form", choices=[*FORMS, "both"], default="both")
    parser.add_argument("--to", type=Path, default=Path("_build/benchmarks/registry"))
    given = parser.parse_args()
    begun = time.perf_counter()
    tables = simulate(given.patients, given.seed)
    print(f"drawn in {time.perf_counter() - begun:.0f} s")
    for form in FORMS if given.form == "both" else (given.form,):
        begun = time.perf_counter()
        target = write(tables, given.to, form)
        size = sum(path.stat().st_size for path in target.iterdir()) / 1e6
        print(f"{target}: {size:.0f} MB, written in {time.perf_counter() - begun:.0f} s")
    for name, table in tables.items():
        print(f"  {name}: {len(table)} rows")


if __name__ == "__main__":
    main()
