"""What the pages share: session, colours, icons, words, maps."""
