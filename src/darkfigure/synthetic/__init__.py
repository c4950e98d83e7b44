"""Records made up to show what the system does, and labelled so: no real person is in them."""
