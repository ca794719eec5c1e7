"""What a server or worker holds once it has started: it stays, so nobody need search it for garbage."""

from __future__ import annotations

import gc

_OBJECTS = 50_000
"""How many new objects make the interpreter look for garbage in cycles: those of some thirty contracts."""


def settle() -> None:
    """Keep everything there is by now out of the collector's sight, and let it look less often.

    Modules and texts are hundreds of thousands of objects that live as long as the process; a full search
    for cycles among them takes a tenth of a second, in the middle of a request or a batch.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS)
