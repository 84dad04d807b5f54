"""Terra-CoT: samples of grounded reasoning from labelled scenes, written, read and verified."""
