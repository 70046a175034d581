"""The command, as the checks run it."""

import pathlib
import subprocess
import sys


class Simulate:
    """The command, run in a folder of its own."""

    def __init__(self, command, folder):
        self.command, self.folder = pathlib.Path(command).resolve(), folder

    def run(self, *args):
        """Returns what the command prints on standard output; ends the check where it fails."""
        done = subprocess.run([self.command, "--quiet", *args], cwd=self.folder, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"simulate {' '.join(map(str, args))}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout
