#!/usr/bin/env python3
"""Django's own commands, for developers; people who run Lantern use `lantern`."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent / "src"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lantern.config.settings")
    os.environ.setdefault("LANTERN_DEBUG", "yes")
    execute_from_command_line(sys.argv)
