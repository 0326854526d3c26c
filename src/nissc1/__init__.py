"""A living report on the NISSC1 study, rebuilt from patient-level data.

The layers import downwards only: `cli` → `publish` → `report` → `endpoints`, `stats` → `cohort`.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("nissc1")
except PackageNotFoundError:  # run from a source tree that was never installed
    __version__ = "0.0.0+source"

__all__ = ["__version__"]
