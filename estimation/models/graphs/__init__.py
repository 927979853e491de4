"""Exact averaging over decomposable graphs of dependence between lists."""
