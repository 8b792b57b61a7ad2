"""Django's engine for SQLite, guarded; named in config/env.py."""
