"""Figures in one look: curves, box plots, forest plots, scatter plots, estimates over time."""

from nissc1.report.figures.charts import box_panels, forest, scatter
from nissc1.report.figures.evidence import percent_forest
from nissc1.report.figures.flow import flow_chart
from nissc1.report.figures.population import against_population
from nissc1.report.figures.replay import ReplayedRate, replay_panels
from nissc1.report.figures.survival import survival_panel

__all__ = [
    "ReplayedRate",
    "against_population",
    "box_panels",
    "flow_chart",
    "forest",
    "percent_forest",
    "replay_panels",
    "scatter",
    "survival_panel",
]
