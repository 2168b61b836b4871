"""The drawing and what it is read as. Nothing here knows pixels or pygame surfaces."""
