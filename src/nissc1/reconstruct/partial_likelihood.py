"""Fast Cox estimates and log-rank tests for the local searches.

The project's own estimators give the same figures; they are too slow to be called tens of thousands
of times. Sums run in a fixed order in plain Python, so that every machine takes the same steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, exp, sqrt

Z_95 = 1.959963984540054


@dataclass(frozen=True)
class Estimate:
    """Hold a coefficient of a Cox model with its standard error."""

    coefficient: float
    std_error: float

    def hazard_ratio(self) -> tuple[float, float, float]:
        """Return the hazard ratio with its 95 % limits."""
        half = Z_95 * self.std_error
        return exp(self.coefficient), exp(self.coefficient - half), exp(self.coefficient + half)

    def p_value(self) -> float:
        """Return the P value of Wald's test."""
        return erfc(abs(self.coefficient) / self.std_error / sqrt(2))

    def __str__(self) -> str:
        """Write the hazard ratio with its limits."""
        ratio, lower, upper = self.hazard_ratio()
        return f"HR {ratio:.3f} ({lower:.3f} to {upper:.3f})"


class RiskSets:
    """Order patients by time once, for many fits.

    Parameters
    ----------
    time : sequence of float
        Days to the event or to censoring.
    event : sequence of bool
        Whether the event of interest happened.
    """

    def __init__(self, time: Sequence[float], event: Sequence[bool]) -> None:
        # Latest first; patients with the same day are grouped.
        by_day: dict[float, tuple[list[int], list[int]]] = {}
        for p, (day, happened) in enumerate(zip(time, event, strict=True)):
            members, events = by_day.setdefault(day, ([], []))
            members.append(p)
            if happened:
                events.append(p)
        self.groups = [by_day[day] for day in sorted(by_day, reverse=True)]

    def cox(self, x: Sequence[float], y: Sequence[float]) -> tuple[Estimate, Estimate]:
        """Fit a Cox model with two covariates by Newton's method, ties by Efron's.

        Parameters
        ----------
        x, y : sequence of float
            Covariates; a constant one gets coefficient 0 and standard error 0.

        Returns
        -------
        tuple of Estimate
            One a covariate.
        """
        a = b = 0.0
        single = min(y) == max(y)
        for _ in range(12):
            ga, gb, haa, hab, hbb = self._derivatives(x, y, a, b)
            if single:
                step_a, step_b = ga / haa, 0.0
            else:
                det = haa * hbb - hab * hab
                step_a, step_b = (ga * hbb - gb * hab) / det, (gb * haa - ga * hab) / det
            a, b = a + step_a, b + step_b
            if abs(step_a) + abs(step_b) < 1e-9:
                break
        if single:
            return Estimate(a, sqrt(1 / haa)), Estimate(0.0, 0.0)
        det = haa * hbb - hab * hab
        return Estimate(a, sqrt(hbb / det)), Estimate(b, sqrt(haa / det))

    def _derivatives(
        self, x: Sequence[float], y: Sequence[float], a: float, b: float
    ) -> tuple[float, float, float, float, float]:
        s = sx = sy = sxx = sxy = syy = 0.0
        ga = gb = haa = hab = hbb = 0.0
        for members, events in self.groups:
            for p in members:
                w = exp(a * x[p] + b * y[p])
                s, sx, sy = s + w, sx + w * x[p], sy + w * y[p]
                sxx, sxy, syy = sxx + w * x[p] ** 2, sxy + w * x[p] * y[p], syy + w * y[p] ** 2
            tied = len(events)
            for order, p in enumerate(events):
                part = order / tied
                t = tx = ty = txx = txy = tyy = 0.0
                if order:  # Efron: the tied leave the risk set little by little
                    for q in events:
                        w = part * exp(a * x[q] + b * y[q])
                        t, tx, ty = t + w, tx + w * x[q], ty + w * y[q]
                        txx, txy = txx + w * x[q] ** 2, txy + w * x[q] * y[q]
                        tyy += w * y[q] ** 2
                mass = s - t
                mx, my = (sx - tx) / mass, (sy - ty) / mass
                ga, gb = ga + x[p] - mx, gb + y[p] - my
                haa += (sxx - txx) / mass - mx * mx
                hab += (sxy - txy) / mass - mx * my
                hbb += (syy - tyy) / mass - my * my
        return ga, gb, haa, hab, hbb

    def logrank_p(self, group: Sequence[int | None]) -> float:
        """Compare two groups by the log-rank test.

        Parameters
        ----------
        group : sequence of int or None
            1 or 0 a patient; None leaves the patient out.

        Returns
        -------
        float
            P value; 1 where nothing can be compared.
        """
        at_risk = with_it = 0
        excess = variance = 0.0
        for members, events in self.groups:
            known = [group[p] for p in members if group[p] is not None]
            at_risk, with_it = at_risk + len(known), with_it + sum(g or 0 for g in known)
            found = [group[p] for p in events if group[p] is not None]
            d = len(found)
            if d and at_risk > 1:
                share = with_it / at_risk
                excess += sum(g or 0 for g in found) - d * share
                variance += d * share * (1 - share) * (at_risk - d) / (at_risk - 1)
        if variance <= 0:
            return 1.0
        return erfc(sqrt(excess * excess / variance / 2))
