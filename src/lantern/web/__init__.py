"""Pages: one package an area (the first word of the URL), and the gate that every request passes."""
