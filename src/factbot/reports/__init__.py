"""Reports of checks as files for people and programs, and bundles from which a check can be replayed."""
