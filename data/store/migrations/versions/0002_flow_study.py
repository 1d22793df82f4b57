"""Flow studies.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    op.create_table(
        "flow_study",
        sa.Column("id", ID, nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("surveyor", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("difficulties", JSON, nullable=False),
        sa.Column("other_difficulties", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("lines", JSON, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_flow_study_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow_study")),
    )
    op.create_index(op.f("ix_flow_study_actor_id"), "flow_study", ["actor_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_flow_study_actor_id"), table_name="flow_study")
    op.drop_table("flow_study")
