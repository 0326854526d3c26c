"""Figures in one look: curves, box plots, forest plots, scatter plots."""

from nissc1.report.figures.charts import box_panels, forest, scatter
from nissc1.report.figures.survival import survival_panel

__all__ = ["box_panels", "forest", "scatter", "survival_panel"]
