"""Agreement of the released network, as it is run here, with what the original code computed: number by number."""
