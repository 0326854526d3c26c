"""Tables, figures, number formatting, results records and the agreement with print."""
