"""Reference data that no edition owns: divisions, industries, kinds of documents.

Pure look-ups over files beside this module, read once and kept.
"""

from competition.reference.documents import (
    DOCUMENT_TYPES,
    DocumentType,
    document_choices,
    document_label,
)
from competition.reference.industries import (
    Industry,
    divisions,
    heading_of,
    industry,
    industry_choices,
    industry_groups,
    industry_label,
    sections,
)
from competition.reference.regions import (
    CHANNEL,
    SHANXI,
    XPCC,
    Region,
    is_complete_region,
    province_choices,
    provinces,
    region,
    region_children,
    region_label,
    region_path,
    source_choices,
)

__all__ = [
    "CHANNEL",
    "DOCUMENT_TYPES",
    "SHANXI",
    "XPCC",
    "DocumentType",
    "Industry",
    "Region",
    "divisions",
    "document_choices",
    "document_label",
    "heading_of",
    "industry",
    "industry_choices",
    "industry_groups",
    "industry_label",
    "is_complete_region",
    "province_choices",
    "provinces",
    "region",
    "region_children",
    "region_label",
    "region_path",
    "sections",
    "source_choices",
]
