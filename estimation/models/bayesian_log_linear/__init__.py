"""Log-linear models with a prior: all pairs shrunk, or all hierarchical models averaged."""
