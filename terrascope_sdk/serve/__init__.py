"""A reasoner over HTTP, and its client: the network runs on a machine with a GPU, the notebook anywhere."""
