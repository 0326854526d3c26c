"""Warm processes: forked from one that has the large libraries imported.

`nissc1.kernels.nursery` keeps such a process and `nissc1.kernels.forking` runs in it;
`nissc1.kernels.provisioner` is how Jupyter gets its kernels from there. Nothing here knows of
notebooks or of the report.
"""
