"""Checklists: what must be true before a launch."""
