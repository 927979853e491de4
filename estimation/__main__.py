"""`python -m estimation` is `mse`."""

from estimation.cli import main

main()
