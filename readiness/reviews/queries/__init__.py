"""What the pages, streams and minutes of a review are made of."""
