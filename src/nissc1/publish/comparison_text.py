"""A comparison of editions as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from rich.markup import escape
from rich.table import Table

from nissc1.publish.comparison import Comparison
from nissc1.report.changes import crossed, moved
from nissc1.report.tables import cell_text


def comparison_tables(found: Comparison) -> Iterator[Table]:
    """Lay a comparison out.

    Parameters
    ----------
    found : Comparison
        What differs.

    Yields
    ------
    rich.table.Table
        Sizes, patients, events, values that changed and, where both editions are built, the figures
        that crossed a threshold and those that are not what they were, and the decisions of the
        analysis plan that changed; empty ones say so.
    """
    title = f"{found.before} → {found.after}"
    data = found.data
    yield _table(f"Data, {title}", data.sizes.drop(columns="name"))
    yield _table("Known and new patients", data.patients.drop(columns="name"))
    yield _table("Events", data.events.drop(columns="name"))
    yield _table("Values that changed", data.values.drop(columns="column"))
    if found.figures is not None:
        yield _table("Figures that crossed a threshold", crossed(found.figures))
        counts = found.figures["outcome"].value_counts().sort_index()
        listed = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
        yield _table(f"Figures before and after ({listed})", moved(found.figures))
    if found.plan is not None:
        yield _table("Analysis plan", found.plan)


def _table(title: str, frame: pd.DataFrame) -> Table:
    table = Table(title=escape(title), title_justify="left", box=None, pad_edge=False)
    if frame.empty:
        table.add_column("none", header_style="", min_width=len(title))  # room for the title
        return table
    for column in frame.columns:
        numeric = pd.api.types.is_numeric_dtype(frame[column])
        table.add_column(
            escape(str(column).replace("_", " ")), justify="right" if numeric else "left"
        )
    for row in frame.itertuples(index=False):
        table.add_row(*(escape(cell_text(value)) for value in row))
    return table
