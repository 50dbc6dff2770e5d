"""jsonschema-rs: JSON Schema, compiled from Rust."""

from importlib.metadata import version
from typing import Any

import jsonschema_rs

from ..task import SCHEMA

LABEL = "jsonschema-rs"
VERSION = version("jsonschema-rs")

VALIDATOR = jsonschema_rs.validator_for(SCHEMA)


def conforms(document: Any) -> bool:
    """By a validator that is made beforehand."""
    return bool(VALIDATOR.is_valid(document))
