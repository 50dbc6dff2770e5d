"""fastjsonschema: JSON Schema, turned into Python code."""

from importlib.metadata import version
from typing import Any

import fastjsonschema

from ..task import SCHEMA

LABEL = "fastjsonschema"
VERSION = version("fastjsonschema")

VALIDATE = fastjsonschema.compile(SCHEMA)


def conforms(document: Any) -> bool:
    """By a function that is made beforehand."""
    try:
        VALIDATE(document)
    except fastjsonschema.JsonSchemaValueException:
        return False
    return True
