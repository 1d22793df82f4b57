"""Rules of richer rounds: depots, access, pauses, recharges, locks, balance.

Rows written before keep the meaning they had: each new column has the model's default.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True)

COLUMNS = {
    "stop": (
        ("service_s_per_container", sa.Double(), "0"),
        ("priority", BIG, "0"),
        ("modes", JSON, "[]"),
        ("vehicle_ids", JSON, "[]"),
    ),
    "vehicle": (
        ("depot_id", sa.Text(), ""),
        ("end_depot_id", sa.Text(), ""),
        ("max_stops", BIG, None),
        ("max_trips", BIG, None),
        ("break_s", BIG, "0"),
        ("break_from_s", BIG, "0"),
        ("break_until_s", BIG, "0"),
        ("recharge_s", BIG, "0"),
    ),
    "outlet": (
        ("charging", sa.Boolean(), sa.false()),
        ("vehicle_ids", JSON, "[]"),
    ),
    "scenario": (
        ("resource_ids", JSON, "[]"),
        ("depots", JSON, "[]"),
        ("incompatible", JSON, "[]"),
        ("locks", JSON, "[]"),
        ("balance_eur_per_hour", sa.Double(), "0"),
        ("max_spread_s", BIG, None),
    ),
}
"""Of each table: new columns with what existing rows hold, ``None`` for an empty cell."""


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for name, kind, default in columns:
            column = sa.Column(name, kind, nullable=default is None, server_default=default)
            op.add_column(table, column)


def downgrade() -> None:
    for table, columns in reversed(COLUMNS.items()):
        for name, _, _ in reversed(columns):
            op.drop_column(table, name)
