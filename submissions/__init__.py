"""What they hand in: the application form, attachments, revisions, formal check, exports."""
