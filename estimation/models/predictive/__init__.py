"""Fitted models against the observed table: residuals by history, and replicated tables given the posterior."""
