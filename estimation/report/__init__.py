"""Findings become one document, and the document HTML and PDF; no digit is typed by hand."""
