"""Callbacks: what the pure rules of `ivr.callbacks`, the store and the carrier make together."""
