"""Warm kernels: Jupyter kernels forked from a process that has the large libraries imported.

`nissc1.kernels.provisioner` is what Jupyter calls, `nissc1.kernels.nursery` keeps the process, and
`nissc1.kernels.forking` runs in it. Nothing here knows of notebooks or of the report.
"""
