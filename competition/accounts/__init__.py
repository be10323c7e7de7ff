"""How people sign in: phone codes, passwords, second factors, sessions, limits on trying."""
