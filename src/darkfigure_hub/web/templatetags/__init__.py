"""What templates of the hub may use."""
