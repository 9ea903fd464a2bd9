"""What the product costs, against floors measured in the same run."""
