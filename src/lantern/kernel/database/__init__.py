"""The second line of defence of tenancy, in and before the database (trust.md B4 to B6, F3, A8; decisions 0021-0023).

`sqlite3` and `postgresql` are Django's engines with four things added: the compiler writes the tenant into every
change and every join that needs it (`compiler`), the guard refuses any statement whose shape does not hold to one
tenant (`guard`, `shape`), keys and triggers keep rows of two tenants apart whatever the statement (`keys`,
`triggers`), and on PostgreSQL row-level security binds the roles (`policies`, `roles`). `install` puts what the tables
need into the database after each migration, from the models alone.
"""
