"""The rehearsal: synthetic teams and officers act through the services that the pages use.

Nobody in it exists. Names, units, numbers, texts and files are drawn from a seed; document numbers
carry birth dates of 1901 to 1910, so that they belong to nobody living; mail goes to ``.invalid``.
"""
