"""Telephones that Dial rings, and what two who are connected hear of each other."""
