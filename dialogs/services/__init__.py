"""The service catalogue: one YAML file a service, read once at import."""

from dialogs.services.catalogue import CatalogueError, Input, Service, Stage, load

CATALOGUE = load()
"""All services by key, in order of yearly use, with those that nobody can use yet."""

SERVICES = {key: service for key, service in CATALOGUE.items() if not service.draft}
"""The services that are offered, in the same order."""

__all__ = ["CATALOGUE", "SERVICES", "CatalogueError", "Input", "Service", "Stage", "load"]
