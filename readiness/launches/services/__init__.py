"""What people do with launches; the only place that writes."""
