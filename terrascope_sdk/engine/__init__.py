"""Reasoners that run here: by published indices, or by a network on a device, whole or in tiles."""
