"""What a solved scenario says: tables, checks without the model, a folder on disk, sentences."""
