"""Structured facts: what some items carry beside the check, as the product defines them."""
