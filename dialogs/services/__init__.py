"""The service catalogue: one YAML file a service, read once at import."""

from dialogs.services.catalogue import CatalogueError, Service, Stage, load

SERVICES = load()
"""All services by key, in order of yearly use."""

__all__ = ["SERVICES", "CatalogueError", "Service", "Stage", "load"]
