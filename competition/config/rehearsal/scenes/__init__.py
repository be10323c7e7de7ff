"""What teams and officers do, scene by scene."""
