"""Measurements in processes of their own: a site configures its whole process."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def in_own_process(measure: Callable[[], T]) -> T:
    """Fork, and return what ``measure`` returns there; end if it fails."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        code = 1
        try:
            with os.fdopen(writing, "wb") as pipe:
                pickle.dump(measure(), pipe)
            code = 0
        except BaseException as error:  # noqa: BLE001  the edge of the process, which must not return to the caller
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    if status:
        sys.exit("A benchmark failed.")
    result: T = pickle.loads(answer)
    return result
