"""`make docs`: the manual as pages, with pictures taken from the demo."""
