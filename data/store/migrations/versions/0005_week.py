"""Planned weeks.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    op.create_table(
        "week",
        sa.Column("id", ID, nullable=False),
        sa.Column("scenario_id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("monday", sa.Text(), nullable=False),
        sa.Column("fleet", JSON, nullable=False),
        sa.Column("allowed", JSON, nullable=False),
        sa.Column("passages", JSON, nullable=False),
        sa.Column("days", JSON, nullable=False),
        sa.Column("without", JSON, nullable=False),
        sa.Column("travel_source", sa.Text(), nullable=False),
        sa.Column("travel_margin", sa.Double(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("cost_eur", sa.Double(), nullable=False),
        sa.Column("improved_eur", sa.Double(), nullable=False),
        sa.Column("elapsed_s", sa.Double(), nullable=False),
        sa.Column("solutions", BIG, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.ForeignKeyConstraint(["scenario_id"], ["scenario.id"], name=op.f("fk_week_scenario_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_week")),
    )
    op.create_index(op.f("ix_week_scenario_id"), "week", ["scenario_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_week_scenario_id"), table_name="week")
    op.drop_table("week")
