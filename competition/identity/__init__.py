"""Who somebody says they are: codes, numbers, phones and names. Nothing here ever raises, whatever was typed.

`normalise_*` gives the form that is stored and compared; `*_problem` the sentence that says what is wrong, '' when
nothing is; `mask_*` what is shown.
"""

from competition.identity.credit_code import credit_code_problem, normalise_credit_code
from competition.identity.credit_hint import credit_code_hint
from competition.identity.documents import (
    document_problem,
    document_warning,
    normalise_document,
    resident_check_character,
)
from competition.identity.masks import mask_document, mask_phone
from competition.identity.names import name_key
from competition.identity.phones import mobile_problem, normalise_mobile, normalise_phone, phone_problem

__all__ = [
    "credit_code_hint",
    "credit_code_problem",
    "document_problem",
    "document_warning",
    "mask_document",
    "mask_phone",
    "mobile_problem",
    "name_key",
    "normalise_credit_code",
    "normalise_document",
    "normalise_mobile",
    "normalise_phone",
    "phone_problem",
    "resident_check_character",
]
