"""What the rows of the article's tables are: definitions on the baseline frame, no estimation."""
