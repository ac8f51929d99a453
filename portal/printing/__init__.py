"""What documents look like, on paper and as XML: all of it out of their payloads alone."""
