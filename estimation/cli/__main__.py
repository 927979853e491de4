"""`python -m estimation.cli` is `mse`."""

from estimation.cli import main

main()
