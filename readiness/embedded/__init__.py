"""The zero-setup default: PostgreSQL and Valkey from wheels, and the whole product around them."""
