"""What the command line printed when somebody last looked at it: one file for each command here.

`python -m tests.unit.cli_golden`, in the directory of the repository, writes the files anew.
Then read the difference before you keep it.
"""

from pathlib import Path

DIRECTORY = Path(__file__).parent

COMMANDS = {
    "demo.txt": ["demo"],
    "demo.json": ["demo", "--json"],
    **{
        f"{profile}.{suffix}": ["describe", profile, *arguments]
        for profile in ("carrierx", "spaaza", "cloudfoundry", "sailpoint")
        for suffix, arguments in {"txt": [], "md": ["--format", "markdown"]}.items()
    },
}
