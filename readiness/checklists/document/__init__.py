"""Checklist files: YAML read strictly, checked against the schema, then for sense."""
