"""N where it is not certain who is the same person: a model over draws of the linkage, and one posterior for both."""
