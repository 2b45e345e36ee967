"""What processes of tests begin with (tests/support/warm.py): whoever imports this has imported the service."""

import gc

import uvicorn.main  # noqa: F401

import integration.__main__
import integration.app  # noqa: F401

gc.freeze()
