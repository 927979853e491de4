"""What the workers do: reading, models, studies.  Only here does the page touch the statistics."""
