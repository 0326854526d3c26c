"""Figures in one look: curves, box plots, forest plots, scatter plots, estimates over time."""

from nissc1.report.figures.charts import box_panels, forest, scatter
from nissc1.report.figures.competing import stacked_incidence
from nissc1.report.figures.proportionality import log_log_panel, residual_panels
from nissc1.report.figures.replay import ReplayedRate, replay_panels
from nissc1.report.figures.splines import hazard_ratio_panels
from nissc1.report.figures.survival import survival_panel

__all__ = [
    "ReplayedRate",
    "box_panels",
    "forest",
    "hazard_ratio_panels",
    "log_log_panel",
    "replay_panels",
    "residual_panels",
    "scatter",
    "stacked_incidence",
    "survival_panel",
]
