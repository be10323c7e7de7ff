"""Who takes part: units, teams, representatives, eligibility."""
