"""Structured facts, in plain Python: what may be typed, what follows from it, what it breaks."""
