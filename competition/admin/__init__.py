"""The secretariat's pages for what is being run."""

from competition.admin import edition, records

__all__ = ["edition", "records"]
