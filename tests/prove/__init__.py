"""What must hold, attacked on the running product: races, kill -9, tampering, bad input."""
