"""Planning a review, running it, deciding in it, and writing its minutes.

Every act takes the review's row first and the launch's second, in this order, so that two acts
wait for each other and never for ever.
"""
