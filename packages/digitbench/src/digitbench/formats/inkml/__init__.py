"""InkML (Ink Markup Language, W3C Recommendation of 20 September 2011)."""
