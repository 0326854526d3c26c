"""Make the input data sets of the comparison with R (run once; the CSV files are committed).

Each set has the awkward traits its name says: ties between events and censorings, events at time
zero, groups without events, groups which leave before the first event of interest, a last risk set
that is exhausted. Columns: time, event (any cause), cause, group, x1
(number), x2 (0/1), x3 (count).
"""

from pathlib import Path

import numpy as np
import pandas as pd

FOLDER = Path(__file__).parent / "data"


def make(seed, n, causes, groups, *, top=None, censored=0.3, hazard=1.0, spread=20.0):
    rng = np.random.default_rng(seed)
    group = rng.choice(len(groups), n, p=groups)
    x1, x2 = rng.normal(size=n), rng.integers(0, 2, n)
    x3 = rng.poisson(2, n)
    rate = np.exp(0.4 * x1 - 0.5 * x2 + 0.1 * x3 + 0.3 * group)
    event_time = rng.exponential(spread / hazard / rate)
    end = rng.exponential(spread * (1 - censored) / max(censored, 1e-9), n)
    cause = np.where(event_time <= end, rng.choice(len(causes), n, p=causes) + 1, 0)
    time = np.minimum(event_time, end)
    if top is not None:
        time = np.minimum(np.floor(time), top)
    return pd.DataFrame(
        {
            "time": np.round(time, 6),
            "event": (cause > 0).astype(int),
            "cause": cause,
            "group": np.array(list("ABCDE"))[group],
            "x1": np.round(x1, 4),
            "x2": x2,
            "x3": x3,
        }
    )


def transplant():
    """Draw eighty patients with about the risk sets which the article's limits imply."""
    rng = np.random.default_rng(2021)
    progression = [60, 150, 200, 260, 340, 400, 480, 560, 700]
    death = [5, 12, 21, 26, 58]
    time = progression + death + [300] + [410, 420] + list(rng.integers(500, 1700, 63))
    cause = [1] * 9 + [2] * 5 + [0] * 66
    frame = make(7, 80, [1.0], [0.5, 0.5])
    frame["time"], frame["cause"] = np.array(time, dtype=float), cause
    frame["event"] = (frame["cause"] > 0).astype(int)
    return frame


sets = {
    "heavy_ties": make(1, 42, [0.6, 0.4], [0.5, 0.5], top=12, spread=8),
    "three_causes": make(2, 60, [0.4, 0.35, 0.25], [0.4, 0.3, 0.3], top=30),
    "no_censoring": make(3, 30, [0.5, 0.5], [0.4, 0.6], top=15, censored=0.0, spread=9),
    "mostly_censored": make(4, 70, [0.5, 0.5], [0.25] * 4, top=25, censored=0.85),
    "day_zero": make(5, 36, [0.5, 0.5], [0.5, 0.5], top=6, spread=3),
    "one_cause": make(6, 40, [1.0], [0.3, 0.3, 0.4], top=20),
    "no_ties": make(8, 120, [0.5, 0.5], [0.4, 0.6]),
    "unequal_groups": make(9, 78, [0.3, 0.7], [0.06, 0.09, 0.25, 0.6], top=20),
    "transplant": transplant(),
    "many_patients": make(10, 1500, [0.45, 0.35, 0.2], [0.2, 0.3, 0.5], top=60),
}
early = make(11, 50, [0.6, 0.4], [0.5, 0.3, 0.2], top=18)
early.loc[early["group"] == "C", "time"] = 1.0  # group C leaves before the first event
early.loc[early["group"] == "C", ["event", "cause"]] = 0
early.loc[(early["group"] != "C") & (early["time"] <= 1), "time"] = 2.0
sets["group_leaves_early"] = early
FOLDER.mkdir(exist_ok=True)
for name, frame in sets.items():
    frame.to_csv(FOLDER / f"{name}.csv", index=False)

rng = np.random.default_rng(12)
months = [0, 3, 6, 12, 18, 24]
base = rng.normal(24, 8, 35)[:, None]
absent = rng.random((35, 6)) < np.array([0, 0, 0.03, 0.05, 0.08, 0.1])
score = (
    base - np.array([0, 4, 6, 8, 9, 9.5]) * rng.uniform(0.2, 1, (35, 1)) + rng.normal(0, 3, (35, 6))
)
pd.DataFrame(
    {
        "id": np.repeat([f"P{i:02d}" for i in range(35)], 6),
        "month": np.tile(months, 35),
        "score": np.where(absent, np.nan, np.round(score, 1)).ravel(),
    }
).to_csv(FOLDER / "visits.csv", index=False)

x = rng.integers(0, 12, 45)
pd.DataFrame({"x": x, "y": np.round(x * 0.4 + rng.normal(0, 3, 45))}).to_csv(
    FOLDER / "pairs.csv", index=False
)
tables = {
    "two_by_two": [[9, 21], [17, 33]],
    "small": [[1, 9], [8, 3]],
    "zero_cell": [[0, 12], [5, 20]],
    "three_by_two": [[12, 8], [7, 15], [20, 18]],
    "large": [[120, 240], [180, 200]],
}
rows = [
    (name, i, j, cell)
    for name, table in tables.items()
    for i, row in enumerate(table)
    for j, cell in enumerate(row)
]
pd.DataFrame(rows, columns=["table", "row", "column", "count"]).to_csv(
    FOLDER / "tables.csv", index=False
)

# Follow-up to be split along a life table: ages, calendar time and years with decimals; some start
# on a birthday or at the turn of a year, or are followed for less than a day.
rng = np.random.default_rng(13)
followed = pd.DataFrame(
    {
        "sex": rng.choice(["F", "M"], 60),
        "age": np.round(rng.uniform(19, 78, 60), 3),
        "start": np.round(rng.uniform(2001, 2018, 60), 3),
        "years": np.round(rng.exponential(3, 60), 3),
    }
)
followed.loc[:3, "age"], followed.loc[2:5, "start"] = 50.0, 2010.0
followed.loc[6, "years"] = 0.001
followed.to_csv(FOLDER / "followed.csv", index=False)

# Studies to be pooled: like cohorts with few early deaths; mostly without events; alike; unlike.
rng = np.random.default_rng(14)
sizes = {"deaths": [19, 79, 36, 80, 12, 40], "mostly_zero": [25, 40, 12, 31, 18, 60, 22]}
sizes |= {"alike": list(rng.integers(20, 200, 9)), "unlike": list(rng.integers(10, 120, 12))}
counts = {"deaths": [0, 8, 1, 5, 3, 0], "mostly_zero": [0, 0, 2, 0, 0, 1, 0]}
counts["alike"] = list(rng.binomial(sizes["alike"], 0.12))
counts["unlike"] = list(
    rng.binomial(sizes["unlike"], 1 / (1 + np.exp(1.4 + rng.normal(0, 1.2, 12))))
)
pd.DataFrame(
    [
        (name, events, n)
        for name in sizes
        for events, n in zip(counts[name], sizes[name], strict=True)
    ],
    columns=["set", "events", "n"],
).to_csv(FOLDER / "studies.csv", index=False)


def stays(seed, n, unit, mixed=False):
    """Simulate patients who respond, progress and die; the sooner the response, the later the rest.

    Times are whole numbers of the unit, so that moves and censorings fall on the same days.
    """
    rng = np.random.default_rng(seed)
    exits = {
        "alive": {"response": 1 / 9, "progressed": 1 / 60, "dead": 1 / 70},
        "response": {"progressed": 1 / 50, "dead": 1 / 200},
        "progressed": {"dead": 1 / 40},
        "dead": {},
    }
    rows = []
    for patient in range(n):
        state = "response" if mixed and patient % 4 == 0 else "alive"
        now, first, end = 0, True, int(rng.uniform(6, 60) / unit)
        while exits[state]:
            waits = {to: rng.exponential(1 / rate) / unit for to, rate in exits[state].items()}
            to = min(waits, key=waits.get)
            stretch = 1.0 if first else 0.5 + now * unit / 12  # the past matters
            then = now + max(int(waits[to] * stretch), 0 if first and not mixed else 1)
            if then > end:
                rows.append((patient, now, end, state, ""))
                break
            rows.append((patient, now, then, state, to))
            state, now, first = to, then, False
    return pd.DataFrame(rows, columns=["id", "start", "stop", "from", "to"])


stays(15, 90, 1).query("stop > start or start == 0").to_csv(FOLDER / "stays.csv", index=False)
stays(16, 40, 0.25, mixed=True).to_csv(FOLDER / "stays_mixed.csv", index=False)
