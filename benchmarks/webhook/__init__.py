"""The webhook: Ringback, and two applications that do less, under the very same server."""
