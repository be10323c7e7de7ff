"""How it is judged: gatekeeping, experts, assignment, score sheets, seats, verification, final."""
