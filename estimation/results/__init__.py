"""A number with its meaning: estimates, diagnostics, and how they are written down and compared."""
