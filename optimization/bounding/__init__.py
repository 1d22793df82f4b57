"""A proved minimum by column generation: see ``prove``. Nothing is imported (and compiled) here."""
