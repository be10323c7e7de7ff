"""How much saving a section costs beside the least that Django can do; run by ``make bench``."""
