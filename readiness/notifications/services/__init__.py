"""Queueing what is owed, delivering what waits, and letting people out."""
