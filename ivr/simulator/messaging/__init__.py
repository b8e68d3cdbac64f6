"""Text messages, both ways: what applications send, what people write, and what is told of it."""
