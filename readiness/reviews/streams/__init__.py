"""What open pages are told: what each stream is drawn from, and who may read it."""
