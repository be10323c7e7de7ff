"""The secretariat's pages for what is being run."""

from competition.admin import edition, people, records

__all__ = ["edition", "people", "records"]
