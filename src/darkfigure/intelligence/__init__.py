"""Requirements: what we want to learn, and what would close each gap."""
