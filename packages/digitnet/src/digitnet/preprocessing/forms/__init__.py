"""The printed lines of forms: frames, boxes, combs and tables, and the digits in them."""
