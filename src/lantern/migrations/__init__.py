"""One linear history for the whole house. Migrations import nothing from lantern."""
