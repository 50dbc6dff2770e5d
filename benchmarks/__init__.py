"""How fast patchwright is, beside the libraries that people use today: `python -m benchmarks`.

`inputs` holds the documents and requests, `workloads` what is done with them, and `bars` what is
asked of the outcome.  `contenders` has one adapter for each library; `task` the rules of the
validated update, `validators` the libraries that know some of them, and `compositions` what servers
make of both.  `measure` is the clock, `report`, `plot` and `page` the ways to show a run.
"""
