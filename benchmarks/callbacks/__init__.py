"""A day with a rush, with callbacks and without; and what it takes to decide about one."""
