"""A utility's backend to run against: a real HTTP server with seeded subscribers, stages and faults."""

from backend_adapter.sandbox.admin import SubscriberCard, list_subscribers
from backend_adapter.sandbox.course import Course, Stage
from backend_adapter.sandbox.server import RunningSandbox, create_sandbox, serve_sandbox

__all__ = [
    "Course",
    "RunningSandbox",
    "Stage",
    "SubscriberCard",
    "create_sandbox",
    "list_subscribers",
    "serve_sandbox",
]
