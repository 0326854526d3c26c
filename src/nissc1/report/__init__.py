"""Tables, figures, number formatting, results records and the agreement with print.

A notebook needs `Report`, `NotEstimable` and `figures`; they are imported when first used, so that
a command which only reads records does not wait for the plotting libraries.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nissc1.report.estimates import NotEstimable
    from nissc1.report.session import Report

__all__ = ["NotEstimable", "Report"]

_HOMES = {"NotEstimable": "nissc1.report.estimates", "Report": "nissc1.report.session"}


def __getattr__(name: str) -> Any:
    """Import a name that notebooks use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
