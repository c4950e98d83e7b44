"""What is held of each measure, written."""
