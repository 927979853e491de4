"""The models: how many people did nobody see?  Each is a frozen dataclass whose fields are its assumptions.

A model is loaded when it is first asked for: PyMC and Numba take seconds.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
