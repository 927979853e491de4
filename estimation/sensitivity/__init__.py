"""The same question with one thing changed: does the number survive?  One question, one file."""
