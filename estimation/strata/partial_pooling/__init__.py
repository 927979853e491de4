"""Partial pooling: strata that borrow from each other, as effects of lists about a common mean or as shared classes."""
