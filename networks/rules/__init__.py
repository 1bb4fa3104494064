"""Rules of signal timing by locale: tables of figures with their sources, and plans judged by them."""
