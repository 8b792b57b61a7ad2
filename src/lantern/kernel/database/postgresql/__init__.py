"""Django's engine for PostgreSQL, guarded, with the tenancy kept on the session; named in config/env.py."""
