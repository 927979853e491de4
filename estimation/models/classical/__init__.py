"""Two lists, a bound from the capture frequencies, and sample coverage."""
