"""The one door for bytes: checked links, polite requests, signatures, files read by ranges, record and replay."""
