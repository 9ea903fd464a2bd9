"""What may be sent to a review."""
