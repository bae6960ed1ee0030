"""Slash commands: one file per family. Each only turns typed options into what the intake takes."""
