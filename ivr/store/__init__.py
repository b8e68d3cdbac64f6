"""Redis: every key and every script is here and nowhere else."""
