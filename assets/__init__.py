"""What is computed from what: table declarations and the factory that makes Dagster assets of them."""
