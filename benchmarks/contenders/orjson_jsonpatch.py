"""orjson to read and write, jsonpatch to patch."""

import orjson

from . import jsonpatch

LABEL = f"orjson + {jsonpatch.LABEL}"
VERSION = f"{orjson.__version__} + {jsonpatch.VERSION}"


def patch_bytes(document: bytes, operations: bytes) -> bytes:
    """The usual way of a request through a server."""
    written: bytes = orjson.dumps(jsonpatch.patch(orjson.loads(document), orjson.loads(operations)))
    return written
