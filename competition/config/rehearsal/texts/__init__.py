"""Plausible Chinese texts from words and sentence patterns; see topics.yaml and sentences.yaml."""

from competition.config.rehearsal.texts.voice import Voice, project_names

__all__ = ["Voice", "project_names"]
