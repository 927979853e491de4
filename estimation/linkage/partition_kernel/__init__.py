"""The moves of the partition sampler, compiled: what a value, a person and a household say, and who is moved where."""
