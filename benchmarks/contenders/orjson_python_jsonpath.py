"""orjson to read and write, python-jsonpath to patch."""

import orjson

from . import python_jsonpath

LABEL = f"orjson + {python_jsonpath.LABEL}"
VERSION = f"{orjson.__version__} + {python_jsonpath.VERSION}"


def patch_bytes(document: bytes, operations: bytes) -> bytes:
    """The usual way of a request through a server."""
    written: bytes = orjson.dumps(
        python_jsonpath.patch(orjson.loads(document), orjson.loads(operations))
    )
    return written
