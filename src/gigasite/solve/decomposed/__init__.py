"""A problem solved in blocks of one month, with cuts that may be used again."""
