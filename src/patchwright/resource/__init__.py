"""The pipeline: a resource, a request to it, and the verdict."""

from .plan import Plan
from .receiving import Parsed
from .resource import Resource
from .verdict import Accepted, Rejected, Request, Verdict

__all__ = ["Accepted", "Parsed", "Plan", "Rejected", "Request", "Resource", "Verdict"]
