"""Who is due, what their digest says, and what the outbox shows."""

from readiness.notifications.queries.due import due_owners

__all__ = ["due_owners"]
