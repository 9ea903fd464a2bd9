"""Who may do what in a review now, or why not: "" or a sentence for the person."""
