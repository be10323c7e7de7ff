"""What is being run, when and by which rules: editions, tracks, topics, stages, clock, audit, outbox."""
