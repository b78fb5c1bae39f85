"""Numbers recorded from other programs, and the scripts that made them."""
