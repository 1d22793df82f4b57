"""Write the demonstration's CSV files again: ``python -m data.demo``."""

import sys

from data.demo import FOLDER
from data.demo.files import to_files
from data.demo.generate import generate
from data.demo.places import read_places
from data.figures import load_figures
from data.nomenclature import load_nomenclature
from data.settings import read_settings


def main() -> int:
    """Generate from the territory file named in the settings, and write beside this module."""
    places = read_places(read_settings().territory_path)
    data = generate(places, load_figures(), load_nomenclature())
    for name, content in to_files(data).items():
        (FOLDER / name).write_bytes(content)
        sys.stdout.write(f"{name} : {len(content)} octets\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
