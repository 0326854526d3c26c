"""Exports from the outside world, read as the tables of a data release.

Whatever is understood differently from how it stands in the file is declared in ``mapping.yml`` or
reported as a note; what is not understood is a fault. Nothing is dropped or coerced silently.
"""
