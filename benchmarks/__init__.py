"""How fast patchwright is, beside the libraries that people use today: `python -m benchmarks`.

`inputs` holds the documents and patches, `workloads` what is done with them, `contenders` one
adapter for each library, `measure` the clock, `report`, `plot` and `page` the ways to show a run.
"""
