"""What the world sees. The enums are published before any type names them."""

import schema.enums  # noqa: F401
