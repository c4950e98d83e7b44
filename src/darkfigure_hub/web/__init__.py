"""Pages: plain, working without script, each calling one flow."""
