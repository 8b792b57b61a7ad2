"""Pure algorithms: plain values in, plain values and reasons out. No database, clock or network."""
