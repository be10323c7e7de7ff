"""The application form on paper, made from a frozen version alone."""

from submissions.pdf.document import render_blank, render_draft, render_receipt, render_revision

__all__ = ["render_blank", "render_draft", "render_receipt", "render_revision"]
