"""Latent classes with a Dirichlet-process prior."""
