"""What a search is made of: the query, a STAC API, catalogues in files, and the sieve that checks every answer."""
