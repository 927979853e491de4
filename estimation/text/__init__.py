"""Texts that people give: which characters may stand in them, which two are the same, and how each is shown safely."""
