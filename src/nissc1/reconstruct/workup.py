"""Heart and lung work-up before transplantation, with the article's cross-tabulations."""

from __future__ import annotations

from nissc1.reconstruct.draft import Draft
from nissc1.reconstruct.marginals import MarginalError, Shape, choose
from nissc1.reconstruct.targets import N_DEATHS

NORMAL, ABNORMAL, NOT_DONE = "normal", "abnormal", "not done"
WORDS = {"Normal": NORMAL, "Abnormal": ABNORMAL, "Not done": NOT_DONE}
#: Systolic pressure on echocardiography that the text calls raised, mmHg.
RAISED_SPAP = 25


def table3_rows(draft: Draft) -> None:
    """Copy the work-up of the eight deaths from the article's Table 3.

    Parameters
    ----------
    draft : Draft
        Changed in place.
    """
    for patient in range(N_DEATHS):
        row = patient + 1
        cell = {
            name: draft.targets.death(row, name)
            for name in ("age", "sbp", "dbp", "heart_rate", "lvef", "spap", "creatinine")
        }
        columns = ("age_years", "sbp_mmhg", "dbp_mmhg", "heart_rate_bpm", "lvef_pct", "spap_mmhg")
        for column, value in zip((*columns, "creatinine_umol_l"), cell.values(), strict=True):
            draft.put(column, {patient: None if value is None else int(value)})
        draft.put("sex", {patient: draft.targets.death(row, "sex")})
        for column in ("resting_ecg", "holter_ecg", "cardiac_mri"):
            word = draft.targets.death(row, column) or ""
            draft.put(column, {patient: WORDS[word]})
        pressure = draft.targets.death(row, "rhc_mean_pap")
        draft.put("rhc", {patient: NOT_DONE if pressure is None else NORMAL})
        if pressure is not None:
            draft.put("pap_mean_mmhg", {patient: int(pressure)})
            draft.put("fluid_challenge", {patient: False})
        for column in ("proteinuria", "haematuria"):
            draft.put(column, {patient: draft.targets.death(row, column) == "Positive"})
    # The text adds one finding to the table: scintigraphy of the fourth.
    found = int(draft.targets.value("results.death_4_scintigraphy_lvef"))
    draft.put("scintigraphy_lvef_pct", {3: found})


def _groups(draft: Draft) -> tuple[list[int], list[int], list[int]]:
    """Choose who had neither MRI nor catheterisation, an abnormal and a normal MRI."""
    count = draft.targets.count
    mri = draft.column("cardiac_mri")
    thiotepa = {p for p in draft.patients if draft.courses[p].thiotepa}
    heart = draft.score(0.6, heart=1.0)
    neither = [p for p in draft.known("cardiac_mri") if mri[p] == NOT_DONE]
    open_ = draft.unset("cardiac_mri", thiotepa)
    neither += choose(draft.rng, open_, count("results.no_mri_rhc") - len(neither))
    abnormal = sorted(thiotepa)  # given to patients with cardiac abnormalities
    abnormal += choose(
        draft.rng,
        [p for p in open_ if p not in neither],
        count("table1.mri_abnormal") - len(abnormal),
        heart,
    )
    done = count("table1.mri_done")
    normal = [p for p in draft.patients if p not in neither and p not in abnormal]
    if len(normal) + len(abnormal) != done:
        raise MarginalError(
            f"{done} patients with MRI and {len(neither)} with neither MRI nor catheterisation do "
            f"not make {len(draft.courses)}. Check table1.mri_done and results.no_mri_rhc."
        )
    for group, word in ((neither, NOT_DONE), (abnormal, ABNORMAL), (normal, NORMAL)):
        draft.put("cardiac_mri", dict.fromkeys(group, word))
    return sorted(neither), sorted(abnormal), sorted(normal)


def _catheterisation(draft: Draft, abnormal: list[int], normal: list[int]) -> None:
    """Catheterise some of those with MRI; all are normal, as the pressures' range says."""
    count, median_range = draft.targets.count, draft.targets.median_range
    rhc = draft.column("rhc")
    already = [p for p in abnormal if rhc[p] == NORMAL]
    free = [p for p in abnormal if rhc[p] is None]
    chosen = already + choose(
        draft.rng, free, count("results.mri_abnormal_rhc_done") - len(already)
    )
    rest = count("table1.rhc_done") - len(chosen)
    others = choose(draft.rng, [p for p in normal if rhc[p] is None], rest)
    done = sorted(chosen + others)
    draft.put("rhc", {p: NORMAL if p in done else NOT_DONE for p in draft.patients})
    challenged = choose(
        draft.rng,
        [p for p in chosen if p not in already],
        count("results.mri_abnormal_fluid_challenge"),
    )
    total = count("table1.fluid_challenge_done")
    challenged += choose(draft.rng, others, total - len(challenged))
    draft.put("fluid_challenge", {p: p in challenged for p in done})
    # One score for the three pressures, so that diastolic < mean < systolic.
    pressure = draft.score(1.0)
    in_table3 = [p for p in done if p < N_DEATHS]
    draft.measure("pap_mean_mmhg", median_range("table1.pap_mean"), score=pressure, among=done)
    for column, figure in (
        ("pap_systolic_mmhg", "table1.pap_systolic"),
        ("pap_diastolic_mmhg", "table1.pap_diastolic"),
    ):
        draft.measure(column, median_range(figure), score=pressure, among=done, without=in_table3)


def _electrocardiograms(
    draft: Draft, neither: list[int], abnormal: list[int], normal: list[int]
) -> None:
    count = draft.targets.count
    resting, holter = draft.column("resting_ecg"), draft.column("holter_ecg")
    heart = draft.score(0.8, heart=1.0)

    def abnormal_resting(group: list[int], wanted: int) -> None:
        free = [p for p in group if resting[p] is None]
        draft.put("resting_ecg", dict.fromkeys(choose(draft.rng, free, wanted, heart), ABNORMAL))

    with_mri = count("results.mri_abnormal_resting_ecg")
    without = count("results.no_mri_rhc_resting_ecg")
    abnormal_resting(abnormal, with_mri)
    abnormal_resting(neither, without)
    abnormal_resting(normal, count("table1.resting_ecg_abnormal") - with_mri - without)
    draft.put("resting_ecg", dict.fromkeys(draft.unset("resting_ecg"), NORMAL))

    def monitor(group: list[int], done: int, found: int) -> None:
        already = [p for p in group if holter[p] in (NORMAL, ABNORMAL)]
        free = [p for p in group if holter[p] is None]
        monitored = choose(draft.rng, free, done - len(already))
        positive = found - sum(holter[p] == ABNORMAL for p in already)
        chosen = choose(draft.rng, monitored, positive, heart)
        for patient in free:
            holter[patient] = NOT_DONE if patient not in monitored else NORMAL
        draft.put("holter_ecg", dict.fromkeys(chosen, ABNORMAL))

    few = count("results.no_mri_rhc_holter")
    few_done = draft.targets.denominator("results.no_mri_rhc_holter")
    some = count("results.mri_abnormal_holter")
    done = draft.targets.denominator("table1.holter_abnormal")
    monitor(neither, few_done, few)
    monitor(abnormal, len(abnormal) - 1, some)
    monitor(
        normal,
        done - few_done - (len(abnormal) - 1),
        count("table1.holter_abnormal") - few - some,
    )


def _echocardiography(
    draft: Draft, neither: list[int], abnormal: list[int], normal: list[int]
) -> None:
    count, median_range = draft.targets.count, draft.targets.median_range
    # Effusion: in none of the deaths, whom the text would have mentioned.
    column = "pericardial_effusion"
    draft.put(column, dict.fromkeys(range(N_DEATHS), False))
    known = draft.targets.denominator("table1.pericardial_effusion")
    free = {
        name: [p for p in group if p >= N_DEATHS]
        for name, group in (("neither", neither), ("abnormal", abnormal), ("normal", normal))
    }
    missing = choose(draft.rng, free["normal"], len(draft.courses) - known)
    with_mri = count("results.mri_abnormal_effusion")
    without = count("results.no_mri_rhc_effusion")
    rest = count("table1.pericardial_effusion") - with_mri - without
    open_ = [p for p in free["normal"] if p not in missing]
    chosen = choose(draft.rng, free["abnormal"], with_mri)
    chosen += choose(draft.rng, free["neither"], without) + choose(draft.rng, open_, rest)
    draft.put(column, {p: p in chosen for p in draft.unset(column, missing)})

    # LVEF: those with an abnormal MRI kept out of the lowest places ("normal in all cases").
    heart = draft.score(0.9, heart=-1.0)
    for patient in abnormal:
        heart[patient] = abs(heart[patient])
    draft.measure("lvef_pct", median_range("table1.lvef"), score=heart, shape=Shape(1.6, 1.8))

    # sPAP: the group without MRI and catheterisation has its own printed split.
    missing_spap = [p for p in range(N_DEATHS) if draft.column("spap_mmhg")[p] is None]
    raised = count("results.no_mri_rhc_spap_over_25")
    among = [p for p in neither if p not in missing_spap]
    high = set(choose(draft.rng, among, raised))
    score = draft.score(1.0, heart=0.4)
    draft.measure(
        "spap_mmhg",
        median_range("table1.spap"),
        shape=Shape(1.3, 2.2),
        score=score,
        without=missing_spap,
    )
    _split(draft, among, high)


def _split(draft: Draft, among: list[int], high: set[int]) -> None:
    """Swap pressures with other patients until just the chosen of a group have raised ones."""
    values = draft.column("spap_mmhg")
    others = [p for p in draft.patients if p >= N_DEATHS and p not in among and values[p]]
    for patient in among:
        if (values[patient] > RAISED_SPAP) == (patient in high):
            continue
        wanted = patient in high
        partner = next(p for p in others if (values[p] > RAISED_SPAP) == wanted)
        others.remove(partner)
        values[patient], values[partner] = values[partner], values[patient]


def add_workup(draft: Draft) -> None:
    """Add heart and lung examinations, pressures and heart rate to the draft.

    Parameters
    ----------
    draft : Draft
        With the rows of Table 3; changed in place.
    """
    count, median_range = draft.targets.count, draft.targets.median_range
    neither, abnormal, normal = _groups(draft)
    _catheterisation(draft, abnormal, normal)
    _electrocardiograms(draft, neither, abnormal, normal)
    _echocardiography(draft, neither, abnormal, normal)
    pressure = draft.score(0.4, size=0.4, other=0.8)
    draft.measure("sbp_mmhg", median_range("table1.sbp"), score=pressure, shape=Shape(1.3, 1.3))
    pressure = [value + 0.3 * draft.normal() for value in pressure]
    draft.measure("dbp_mmhg", median_range("table1.dbp"), score=pressure, shape=Shape(1.5, 1.3))
    draft.measure("heart_rate_bpm", median_range("table1.heart_rate"), shape=Shape(1.4, 1.4))
    # Imaging of the chest: the X-ray was abnormal beyond those with an abnormal CT in just so many
    # that either was in the printed number.
    either = count("results.lung_imaging_abnormal")
    ct = count("table1.hrct_abnormal")
    ct_known = draft.targets.denominator("table1.hrct_abnormal")
    lung = draft.score(0.8, lung=-1.0)
    scarred = set(choose(draft.rng, draft.patients, ct, lung))
    rest = [p for p in draft.patients if p not in scarred]
    ct_missing = set(choose(draft.rng, rest, len(draft.courses) - ct_known))
    by_xray = set(choose(draft.rng, [p for p in rest if p not in ct_missing], either - ct))
    xrays = count("table1.chest_xray_abnormal")
    both = set(choose(draft.rng, sorted(scarred), xrays - len(by_xray), lung))
    open_ = [p for p in draft.patients if p not in by_xray | both | ct_missing]
    known = draft.targets.denominator("table1.chest_xray_abnormal")
    no_xray = set(choose(draft.rng, open_, len(draft.courses) - known))
    for p in draft.patients:
        draft.put("hrct", {p: NOT_DONE if p in ct_missing else NORMAL})
        draft.put("chest_xray", {p: NOT_DONE if p in no_xray else NORMAL})
    draft.put("hrct", dict.fromkeys(scarred, ABNORMAL))
    draft.put("chest_xray", dict.fromkeys(by_xray | both, ABNORMAL))
