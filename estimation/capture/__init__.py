"""Who was seen by exactly which lists: the table, its readers, what it says before any model."""
