"""Student records into official academic transcripts: exact GPA, PDF bytes, async."""
