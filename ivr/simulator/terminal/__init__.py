"""A telephone in a terminal: what is heard is printed, what is typed is pressed or said."""
