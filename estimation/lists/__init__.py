"""Who wrote names down: name lists, their readers, the parts of a name, dates in three calendars."""
