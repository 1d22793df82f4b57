"""What the studies page draws: the list, the form step by step, spreadsheets in and out."""
