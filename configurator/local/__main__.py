"""``python -m configurator.local COMMAND…`` runs one command with a throw-away stack in its environment."""

import os
import subprocess
import sys

from configurator.env import ROOT
from configurator.local.processes import StackError
from configurator.local.stack import throw_away_stack


def main(argv: list[str]) -> int:
    """Run ``argv`` and return its exit code."""
    if not argv:
        sys.exit(__doc__)
    try:
        with throw_away_stack(os.environ, demo=False, root=ROOT) as stack:
            return subprocess.run(argv, env=os.environ | stack.settings, check=False).returncode
    except StackError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
