"""The release: Parquet, manifest, version, data dictionary and the serving database."""
