"""Whatever people keep a table in, as columns of cells: bytes, text, workbooks, Parquet, histories for MARK.

`estimation.capture.sheets.reading.sheet_of` is the way in; no other part of the package opens a table.
"""
