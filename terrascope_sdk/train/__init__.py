"""Worlds, chains and the loop that train the compact network."""
