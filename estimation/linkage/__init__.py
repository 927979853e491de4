"""Who is the same person: candidates, comparison, the partition sampler, review by people."""
