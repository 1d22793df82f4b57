"""Road networks read from OpenStreetMap: build, keep, snap to, and search them.

Units inside: milliseconds, metres, degrees (EPSG:4326). Data © OpenStreetMap contributors,
ODbL 1.0.
"""

ATTRIBUTION = "© les contributeurs d’OpenStreetMap"
LICENCE = "ODbL 1.0"
