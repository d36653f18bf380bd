"""What the process does that workers are forked from, before the first of them: build what they will build,
so that its tables are read once and their memory is shared.

Multiprocessing's forkserver can be told only which modules to import, so this one works when it is imported
there. Everywhere else nothing is in the environment, and importing it does nothing. Where it cannot be
imported, or the factory fails, each worker does all of it by itself.
"""

from __future__ import annotations

import base64
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import forkserver, resource_tracker, spawn

from pipeline.memory import spare_what_stays

_TOLD = "_WORKERS_SHARE"
_launching = threading.Lock()


def launch(factory: Callable[[], object]) -> None:
    """Have the process run that workers are forked from. One that has to be started calls `factory`, whose
    module keeps what the workers are to find there. `factory` is of a module, not of the main script."""
    script = spawn.get_preparation_data("").get("init_main_from_path", "")
    with _launching, _deaf_to_interrupts():
        os.environ[_TOLD] = base64.b64encode(pickle.dumps((script, factory))).decode("ascii")
        try:
            forkserver.ensure_running()
        finally:
            del os.environ[_TOLD]


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """What this thread starts while the block runs never hears Ctrl-C, nor do its children: the terminal
    sends it to all of them, long before they could say that they ignore it; their parent ends them."""
    resource_tracker.ensure_running()  # started within the block, it would lift what is blocked
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _prepare() -> None:
    told = os.environ.pop(_TOLD, "")
    if not told:
        return
    # Each core has a worker. Threads of OpenBLAS beside it would only wait for its products, turning.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with suppress(Exception):  # each worker calls the factory again, and can tell what is wrong
        script, factory = pickle.loads(base64.b64decode(told))  # noqa: S301
        if script:  # a worker that has this for its main script does not run it, with all that it imports
            sys.modules["__main__"].__file__ = script
        factory()
    spare_what_stays()  # a collection in a worker would write to every object, and so copy it


_prepare()
