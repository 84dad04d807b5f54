"""Drawing: arrays and strings in, PNG and HTML out; knows no domain type."""
