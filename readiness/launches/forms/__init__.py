"""What requests about launches may contain; one module per page."""
