"""Pictures of tables and results: each function takes `ax`, returns it, and saves nothing.

Matplotlib is loaded when the first chart is drawn, not when this package is imported.  Without `ax`, a chart makes
a figure of its own, outside of `matplotlib.pyplot`, as tall as it needs; ``chart.figure`` is that figure.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
