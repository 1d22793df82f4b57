"""Settings, read once from the environment; every one is documented in the README."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The project's root; reference data is found from here, never from the working directory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where things are and which outside services are used.

    Attributes:
        var_dir: runtime files (SQLite database, caches, worker scratch).
        database_url: SQLAlchemy URL; SQLite in ``var_dir`` by default.
        territory_path: GeoPackage built by ``python -m geo build-territory``.
        dask_scheduler: address of an existing Dask cluster, or empty for a local one.
        load_demo: load the demonstration data when the store is empty.
        osrm_url: address of an OSRM server that gives distances and times, or empty for none;
            ``{mode}`` in it becomes ``bike`` or ``car``.
        public_url: address at which phones reach this server (``https://atelier.exemple.fr``), or
            empty: the machine's address on the local network is found.
        phone_port: port of the listener that serves the participants' page only.
    """

    var_dir: Path
    database_url: str
    territory_path: Path
    dask_scheduler: str
    load_demo: bool
    osrm_url: str = ""
    public_url: str = ""
    phone_port: int = 8502

    @property
    def compiled_dir(self) -> Path:
        """Where machine code of the solvers is kept: it belongs to the code, not to the data.

        Beside the code when that can be written, so that servers with other data share it.
        """
        beside = ROOT / "var"
        writable = os.access(beside if beside.exists() else ROOT, os.W_OK)
        return (beside if writable else self.var_dir) / "compiled"

    @property
    def roads_dir(self) -> Path:
        """Where road networks are kept."""
        return self.var_dir / "roads"


def read_settings() -> Settings:
    """Read the settings from environment variables, with defaults that just work."""
    var_dir = Path(os.environ.get("CARTOFLUX_VAR", ROOT / "var"))
    return Settings(
        var_dir=var_dir,
        database_url=os.environ.get("DATABASE_URL", f"sqlite:///{var_dir / 'cartoflux.db'}"),
        territory_path=Path(
            os.environ.get("CARTOFLUX_TERRITORY", ROOT / "data" / "reference" / "territory.gpkg")
        ),
        dask_scheduler=os.environ.get("DASK_SCHEDULER_ADDRESS", ""),
        load_demo=os.environ.get("CARTOFLUX_DEMO", "1") not in {"0", "false", "non"},
        osrm_url=os.environ.get("OSRM_URL", ""),
        public_url=os.environ.get("PUBLIC_URL", "").rstrip("/"),
        phone_port=int(os.environ.get("CARTOFLUX_PHONE_PORT", "8502")),
    )
