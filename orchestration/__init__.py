"""What a data engineer operates: Definitions, jobs, the engine, the pipeline's run and the `planledger` command."""
