"""Multiple systems estimation: overlapping, partial lists of victims in; the number killed out, with its interval."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
