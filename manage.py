#!/usr/bin/env python
"""Run a management command of Readiness."""

import gc
import os
import sys

# What a command loads stays until its end. Left alone, Python looks through it for garbage again
# and again while it is loaded, for a sixth of the start.
gc.set_threshold(50_000)

from django.core.management import execute_from_command_line  # noqa: E402

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "readiness.settings")
    execute_from_command_line(sys.argv)
