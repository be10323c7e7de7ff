"""Who an entry is by: the words that would tell, and where they stand in a text (R16). Values in, values out.

Comparison knows no width, no case, no spacing and no traditional forms; names of four characters and more are found
whatever stands between their characters. A short form of a unit's name counts from three characters on, and only
if it is more than the words of its trade; one of two only in front of words like 公司 or by itself.
"""

from submissions.identity.finding import Finder, Leak
from submissions.identity.units import names_of_unit
from submissions.identity.words import HIDDEN, Word, words_of

__all__ = ["HIDDEN", "Finder", "Leak", "Word", "names_of_unit", "words_of"]
