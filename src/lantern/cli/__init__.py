"""The `lantern` command line: one file for each group of commands, all listed in `program.py`.

Only click is imported before a command runs, so that `--help` is instant; each command imports what it needs.
"""


def main() -> int:
    """Run the command line and return the exit code; this is what `bin/lantern` calls."""
    from lantern.cli import program

    return program.run()
