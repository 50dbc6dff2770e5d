"""jsonschema: JSON Schema in Python."""

from importlib.metadata import version
from typing import Any

import jsonschema

from ..task import SCHEMA

LABEL = "jsonschema"
VERSION = version("jsonschema")

VALIDATOR = jsonschema.Draft7Validator(SCHEMA)


def conforms(document: Any) -> bool:
    """By a validator that is made beforehand."""
    return bool(VALIDATOR.is_valid(document))
