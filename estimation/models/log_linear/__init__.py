"""Log-linear models: one, selected, averaged, stepwise, and with heterogeneity."""
