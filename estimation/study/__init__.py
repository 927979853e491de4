"""A study file becomes settings, and settings become findings."""
