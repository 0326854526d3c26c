"""Reconstruction of the study cohort: synthetic patients that yield the printed figures.

The patients of the study are not public. This package makes 80 synthetic ones whose tables, curves
and limits come out as the article prints them; only the eight deaths of its Table 3 are its own
rows. What print does not pin down is an assumption, listed in `nissc1.reconstruct.assumptions`, or
chance, drawn from a seeded generator.
"""

from nissc1.reconstruct.write import DEFAULT_SEED, FolderNotEmptyError, build_tables, write_release

__all__ = ["DEFAULT_SEED", "FolderNotEmptyError", "build_tables", "write_release"]
