"""Exact averaging over decomposable graphs of the dependence between lists."""
