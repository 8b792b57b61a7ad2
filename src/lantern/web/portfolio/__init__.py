"""Portfolio: reflections, evidence, transcript."""
