"""The rule of the product, in plain Python: no framework, no database, no clock."""
