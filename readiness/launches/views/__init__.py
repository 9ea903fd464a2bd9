"""Request in, one service, template out; one module per page."""
