"""How work is done, once for the whole package: progress, threads, processes, finished work, seeds."""
