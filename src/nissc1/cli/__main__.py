"""Run the command line as a module."""

from nissc1.cli import main

main()
