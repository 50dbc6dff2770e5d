"""orjson to read and write, fastjsonpatch to patch."""

import orjson

from . import fastjsonpatch

LABEL = f"orjson + {fastjsonpatch.LABEL}"
VERSION = f"{orjson.__version__} + {fastjsonpatch.VERSION}"


def patch_bytes(document: bytes, operations: bytes) -> bytes:
    """The usual way of a request through a server."""
    written: bytes = orjson.dumps(
        fastjsonpatch.patch(orjson.loads(document), orjson.loads(operations))
    )
    return written
