"""What a data engineer operates: Definitions, jobs, sensors, the engine, the pipeline run and the `planledger` command."""
