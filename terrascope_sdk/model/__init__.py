"""TerraScope's networks: encoder, grounder, language model and the one loop that joins them."""
