"""Two lists, bounds from the frequency of capture, and sample coverage."""
