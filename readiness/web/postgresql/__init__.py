"""PostgreSQL, reached in as few journeys as can be."""
