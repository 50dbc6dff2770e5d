"""orjson to read and write what is stored, patchwright to read the patch and to apply it."""

import orjson

from . import patchwright

LABEL = f"orjson + {patchwright.LABEL}"
VERSION = f"{orjson.__version__} + {patchwright.VERSION}"


def patch_bytes(document: bytes, operations: bytes) -> bytes:
    """What was stored is trusted; what a client sent is read strictly."""
    written: bytes = orjson.dumps(patchwright.patch(orjson.loads(document), operations))
    return written
