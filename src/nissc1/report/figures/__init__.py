"""Figures in one look: curves, box plots, forest plots, scatter plots, estimates over time."""

from nissc1.report.figures.boxes import box_panels
from nissc1.report.figures.charts import forest, scatter
from nissc1.report.figures.competing import stacked_incidence
from nissc1.report.figures.courses import mean_courses, single_courses
from nissc1.report.figures.drawing import Drawing, Exploration
from nissc1.report.figures.due import visit_bars
from nissc1.report.figures.evidence import percent_forest
from nissc1.report.figures.flow import flow_chart
from nissc1.report.figures.meaningful import reached_panels
from nissc1.report.figures.onset import early_incidence
from nissc1.report.figures.population import against_population
from nissc1.report.figures.proportionality import log_log_panel, residual_panels
from nissc1.report.figures.replay import ReplayedRate, replay_panels
from nissc1.report.figures.splines import hazard_ratio_panels
from nissc1.report.figures.states import state_areas
from nissc1.report.figures.survival import survival_panel

__all__ = [
    "Drawing",
    "Exploration",
    "ReplayedRate",
    "against_population",
    "box_panels",
    "early_incidence",
    "flow_chart",
    "forest",
    "hazard_ratio_panels",
    "log_log_panel",
    "mean_courses",
    "percent_forest",
    "reached_panels",
    "replay_panels",
    "residual_panels",
    "scatter",
    "single_courses",
    "stacked_incidence",
    "state_areas",
    "survival_panel",
    "visit_bars",
]
