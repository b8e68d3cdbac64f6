"""What the telephone company on loopback costs, and how much it holds."""
