"""What needs no sign-in: the front door, demo sign-in, health."""
