"""Lead: initiatives, announcements, what groups ask for, released figures."""
