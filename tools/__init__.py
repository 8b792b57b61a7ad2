"""What the Makefile calls: setting up a bare machine, a private PostgreSQL, the requirement list, the benchmarks."""
