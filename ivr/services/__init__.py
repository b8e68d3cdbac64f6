"""The use cases: the only rooms where the pure core, the store and the carrier meet."""
