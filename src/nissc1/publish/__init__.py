"""Execute the notebooks, compile the book and keep its editions."""
