"""Command line of `make up`. Exit codes: 0 stopped on request, 1 a process failed, 2 nothing was started."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from mediaassets.dev_stack.preflight import ROOT, CannotStart, open_data_dir, parse_port
from mediaassets.dev_stack.supervisor import ChildFailed, StopRequested, Supervisor


def main() -> int:
    # Keys and database in the data directory are for their owner only.
    os.umask(0o077)
    try:
        port = parse_port(os.environ.get("PORT") or "8000")
        data_dir = open_data_dir(Path(os.environ.get("DATA_DIR") or ROOT / "var"))
        is_verbose = os.environ.get("VERBOSE", "") not in {"", "0"}
        Supervisor(port=port, data_dir=data_dir, is_verbose=is_verbose).run()
    except StopRequested:
        print("Stopped.", flush=True)
        return 0
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 2
    except ChildFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


sys.exit(main())
