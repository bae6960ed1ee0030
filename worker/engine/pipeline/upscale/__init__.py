"""Enlarging pictures with a trained network."""
