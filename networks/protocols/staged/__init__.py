"""Plans told in stages with late starts and early ends, as protocols of controllers want them."""
