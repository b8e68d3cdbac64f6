"""What holds for every test."""

from hypothesis import settings

# A busy machine is no reason to fail: no test is judged by how long it took.
settings.register_profile("ringback", deadline=None)
settings.load_profile("ringback")
