"""What the charts share: theme, rows of estimates, the stamp on synthetic data."""
