"""What pages and services read about launches."""
