"""A tenant's single OAuth link to Zoom: how it is made, kept alive, told about and ended."""
