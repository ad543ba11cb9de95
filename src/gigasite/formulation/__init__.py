"""The optimisation problem: features, the sums they share, and the model they make."""
