"""Figures in one look: curves, box plots, forest plots, scatter plots, estimates over time."""

from nissc1.report.figures.boxes import box_panels
from nissc1.report.figures.charts import forest, scatter
from nissc1.report.figures.drawing import Drawing, Exploration
from nissc1.report.figures.replay import ReplayedRate, replay_panels
from nissc1.report.figures.survival import survival_panel

__all__ = [
    "Drawing",
    "Exploration",
    "ReplayedRate",
    "box_panels",
    "forest",
    "replay_panels",
    "scatter",
    "survival_panel",
]
