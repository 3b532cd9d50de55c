"""What a data engineer operates: Definitions, jobs, the engine, the run of the pipeline and the `planledger` command."""
