"""The main job, and what is done with a finished one: run, verify, compare, sign."""
