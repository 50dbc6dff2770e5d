"""Write the golden files anew."""

import contextlib
import io

from patchwright.cli import main
from tests.unit.cli_golden import COMMANDS, DIRECTORY

for name, arguments in COMMANDS.items():
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        assert main(arguments) == 0
    (DIRECTORY / name).write_text(output.getvalue(), encoding="utf-8", newline="\n")
