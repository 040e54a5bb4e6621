"""The command `mmfusion`."""
