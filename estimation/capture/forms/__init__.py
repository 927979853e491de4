"""The forms that people keep tables of overlapping lists in: from columns of cells to who was seen by which lists.

`estimation.capture.forms.understanding.understand` is the way in.  What a column is comes from its name, from what is
declared and from all of its cells, never from one odd cell; where two readings are possible it is asked which.
"""
