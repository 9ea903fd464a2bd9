"""The product as people meet it: in a real browser, against the real server."""
