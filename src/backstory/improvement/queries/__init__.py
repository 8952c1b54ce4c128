"""Reading problems, fixes and what proves them."""
