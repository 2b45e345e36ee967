"""A tenant's single OAuth link to Zoom: kept alive, told about, and ended."""
