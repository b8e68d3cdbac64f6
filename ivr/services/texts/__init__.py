"""Texts: written, sent, followed to where they end, and answered."""
