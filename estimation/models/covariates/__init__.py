"""Models that know of each person's covariates, beside the lists that they are on."""
