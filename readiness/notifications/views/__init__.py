"""The outbox, the door out of a mail, and what each person wants to hear."""
