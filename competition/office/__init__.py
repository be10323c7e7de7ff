"""Pages of the secretariat about the whole edition: its lists and the exports of every queue."""
