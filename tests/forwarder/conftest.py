from tests.database.fixtures import (  # noqa: F401
    database,
    database_url,
    postgres,
    templates,
)
