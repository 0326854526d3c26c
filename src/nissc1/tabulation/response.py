"""Rows on response."""

from __future__ import annotations

from nissc1.tabulation.row import Row, count, share

COMPONENTS: tuple[Row, ...] = (
    count("response.by_mrss", "Skin score", "mrss"),
    count("response.by_fvc", "FVC", "fvc"),
    count("response.by_dlco", "DLCO", "dlco"),
)
"""On `nissc1.endpoints.response_component`: one row a responder."""

WITH_THIOTEPA: tuple[Row, ...] = (
    share("response.thiotepa", "Responded", "responded"),
    count("progression.thiotepa", "Progressed", lambda course: course["progression_day"].notna()),
)
"""On the outcomes of the patients with thiotepa, with a boolean ``responded``."""
