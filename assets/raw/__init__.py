"""Sources into `raw.documents`: readers for every form texts come in, and quarantine for what cannot be read."""
