"""`python -m pipeline` is `diembao`."""

from pipeline.cli import main

main()
