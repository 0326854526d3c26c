"""Rows of Table 1: the patients before transplantation."""

from __future__ import annotations

from nissc1.tabulation.row import Rows, abnormal, count, done, median, share

_IMAGING = ["chest_xray", "hrct"]

BASELINE: Rows = {
    "Patients": (
        count("cohort.n", "Patients", lambda b: b["age_years"].notna()),
        median("baseline.age", "Age at transplantation", "age_years", "years"),
        share("baseline.female", "Sex, female", lambda b: b["sex"] == "F"),
        median(
            "baseline.disease_duration",
            "Disease duration since diagnosis",
            "disease_duration_months",
            "months",
            1,
        ),
    ),
    "Body mass index": (
        share("baseline.bmi_under_18_5", "Under 18.5 kg/m²", lambda b: b["bmi"] < 18.5),
        share(
            "baseline.bmi_18_5_to_30",
            "18.5 to 30 kg/m²",
            lambda b: (b["bmi"] >= 18.5) & (b["bmi"] <= 30),
        ),
        share("baseline.bmi_over_30", "Over 30 kg/m²", lambda b: b["bmi"] > 30),
    ),
    "Skin": (
        median("baseline.mrss", "Modified Rodnan skin score", "mrss", "points"),
        count("baseline.skin_involvement", "Skin involved", lambda b: b["mrss"] > 0),
        share("baseline.mrss_over_15", "Skin score above 15", lambda b: b["mrss"] > 15),
    ),
    "Lungs": (
        share("baseline.crepitations", "Crepitations", "lung_crepitations"),
        share(
            "baseline.lung_function_done", "Lung function tested", lambda b: b["fvc_pct"].notna()
        ),
        median("baseline.fvc", "FVC", "fvc_pct", "% of predicted", 1),
        median("baseline.fev1", "FEV1", "fev1_pct", "% of predicted", 1),
        median("baseline.dlco", "DLCO", "dlco_pct", "% of predicted", 1),
        share(
            "baseline.chest_imaging_done",
            "Chest imaged",
            lambda b: (b[_IMAGING] != "not done").any(axis="columns"),
        ),
        share("baseline.chest_xray_abnormal", "X-ray abnormal", abnormal("chest_xray")),
        share("baseline.hrct_abnormal", "High-resolution CT abnormal", abnormal("hrct")),
        share(
            "baseline.lung_imaging_abnormal",
            "X-ray or CT abnormal",
            lambda b: (b[_IMAGING] == "abnormal").any(axis="columns"),
        ),
    ),
    "Heart": (
        median("baseline.sbp", "Systolic blood pressure", "sbp_mmhg", "mmHg"),
        median("baseline.dbp", "Diastolic blood pressure", "dbp_mmhg", "mmHg"),
        median("baseline.heart_rate", "Heart rate", "heart_rate_bpm", "per minute"),
        share("baseline.resting_ecg_abnormal", "Resting ECG abnormal", abnormal("resting_ecg")),
        share("baseline.holter_done", "24-hour ECG done", done("holter_ecg")),
        share("baseline.holter_abnormal", "24-hour ECG abnormal", abnormal("holter_ecg")),
        share("baseline.echo_done", "Echocardiography done", lambda b: b["lvef_pct"].notna()),
        median("baseline.lvef", "Left ventricular ejection fraction", "lvef_pct", "%"),
        share("baseline.pericardial_effusion", "Pericardial effusion", "pericardial_effusion"),
        median("baseline.spap", "Systolic pulmonary pressure by echo", "spap_mmhg", "mmHg"),
        share("baseline.mri_done", "Cardiac MRI done", done("cardiac_mri")),
        share("baseline.mri_abnormal", "Cardiac MRI abnormal", abnormal("cardiac_mri")),
        share("baseline.rhc_done", "Right heart catheterised", done("rhc")),
        median("baseline.pap_mean", "Mean pulmonary artery pressure", "pap_mean_mmhg", "mmHg"),
        median(
            "baseline.pap_systolic",
            "Systolic pulmonary artery pressure",
            "pap_systolic_mmhg",
            "mmHg",
        ),
        median(
            "baseline.pap_diastolic",
            "Diastolic pulmonary artery pressure",
            "pap_diastolic_mmhg",
            "mmHg",
        ),
        share("baseline.fluid_challenge_done", "Fluid challenge done", "fluid_challenge"),
    ),
    "Joints and muscles": (
        share("baseline.joint_involvement", "Joints involved", "joint_involvement"),
        share("baseline.muscle_weakness", "Muscle weakness", "muscle_weakness"),
        median("baseline.ck", "Creatine kinase", "ck_u_l", "U/L"),
        share(
            "baseline.ck_250_or_more",
            "Creatine kinase of 250 U/L or more",
            lambda b: b["ck_u_l"] >= 250,
        ),
    ),
    "Kidneys": (
        median(
            "baseline.creatinine_clearance",
            "Creatinine clearance",
            "creatinine_clearance",
            "mL/min",
        ),
        share("baseline.proteinuria", "Proteinuria", "proteinuria"),
        share("baseline.haematuria", "Haematuria", "haematuria"),
    ),
    "Autoantibodies": (
        share("baseline.ana", "Antinuclear", "ana"),
        share("baseline.scl70", "Anti-topoisomerase I (Scl-70)", "anti_scl70"),
        share("baseline.anticentromere", "Anticentromere", "anti_centromere"),
    ),
    "Earlier immunosuppression": (
        share("history.any", "Any", "prior_immunosuppression"),
        share("history.cyclophosphamide", "Cyclophosphamide", "prior_cyclophosphamide"),
        median(
            "history.cyclophosphamide_dose",
            "Cyclophosphamide, total dose",
            "prior_cyclophosphamide_g",
            "g",
        ),
        share("history.methotrexate", "Methotrexate", "prior_methotrexate"),
        share("history.mycophenolate", "Mycophenolate mofetil", "prior_mycophenolate"),
        share("history.prednisone", "Prednisone or equivalent", "prior_prednisone"),
        share("history.azathioprine", "Azathioprine", "prior_azathioprine"),
        share("history.atg", "Rabbit antithymocyte globulin", "prior_atg"),
        share("history.ciclosporin", "Ciclosporin", "prior_ciclosporin"),
    ),
}
"""Table 1 of Henes et al. 2021, with what its Results add; for `Cohort.baseline()`."""
