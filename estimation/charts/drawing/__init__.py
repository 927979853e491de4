"""What the charts share.

``theme`` has the style and the colours, ``words`` how wide text is and how numbers read, ``frame`` the axes with the
words beneath; ``rows``, ``row_places``, ``row_marks`` and ``row_axes`` make charts with one row an estimate.
"""
