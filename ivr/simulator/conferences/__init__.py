"""Conferences: rooms in which calls meet, who is in them, and who hears what."""
