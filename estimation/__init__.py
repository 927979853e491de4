"""Multiple systems estimation: overlapping, partial lists of victims in; the number killed out, with its interval."""

import lazy_loader

from estimation.provenance import package_version

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__version__ = package_version()
__all__ += ["__version__"]
