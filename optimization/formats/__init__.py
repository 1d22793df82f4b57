"""Planning files from elsewhere: VROOM's JSON, VRPLIB, Solomon, and the collection benchmark."""
