"""Offers and needs, workshops, synergies, events, the letter.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    op.create_table(
        "photo",
        sa.Column("id", ID, nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
    )
    op.create_table(
        "workshop",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("opens_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("tables", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("moderated", sa.Boolean(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop")),
    )
    op.create_index(op.f("ix_workshop_code"), "workshop", ["code"], unique=False)
    op.create_table(
        "attendance",
        sa.Column("id", ID, nullable=False),
        sa.Column("workshop_id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("presence", sa.Text(), nullable=False),
        sa.Column("table", BIG, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=op.f("fk_attendance_workshop_id")
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_attendance_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
    )
    op.create_index(op.f("ix_attendance_actor_id"), "attendance", ["actor_id"], unique=False)
    op.create_index(op.f("ix_attendance_workshop_id"), "attendance", ["workshop_id"], unique=False)
    op.create_table(
        "card",
        sa.Column("id", ID, nullable=False),
        sa.Column("workshop_id", ID, nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("resource_id", ID, nullable=True),
        sa.Column("quantity", sa.Double(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("contact_role", sa.Text(), nullable=False),
        sa.Column("table", BIG, nullable=False),
        sa.Column("photo_id", ID, nullable=True),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_card_workshop_id")),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_card_actor_id")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_card_resource_id")),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_card_photo_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
    )
    op.create_index(op.f("ix_card_actor_id"), "card", ["actor_id"], unique=False)
    op.create_index(op.f("ix_card_photo_id"), "card", ["photo_id"], unique=False)
    op.create_index(op.f("ix_card_resource_id"), "card", ["resource_id"], unique=False)
    op.create_index(op.f("ix_card_workshop_id"), "card", ["workshop_id"], unique=False)
    op.create_table(
        "idea",
        sa.Column("id", ID, nullable=False),
        sa.Column("workshop_id", ID, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("card_ids", JSON, nullable=False),
        sa.Column("company_names", JSON, nullable=False),
        sa.Column("resource_id", ID, nullable=True),
        sa.Column("merged_into", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("table", BIG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_idea_workshop_id")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_idea_resource_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea")),
    )
    op.create_index(op.f("ix_idea_resource_id"), "idea", ["resource_id"], unique=False)
    op.create_index(op.f("ix_idea_workshop_id"), "idea", ["workshop_id"], unique=False)
    op.create_table(
        "listing",
        sa.Column("id", ID, nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("resource_id", ID, nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Double(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("uncertainty", sa.Double(), nullable=True),
        sa.Column("quality", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("available_from", sa.Text(), nullable=False),
        sa.Column("available_to", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Text(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("contact_role", sa.Text(), nullable=False),
        sa.Column("photo_id", ID, nullable=True),
        sa.Column("in_letter", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("listing_source", sa.Text(), nullable=False),
        sa.Column("flow_id", ID, nullable=True),
        sa.Column("card_id", ID, nullable=True),
        sa.Column("reliability", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_listing_actor_id")),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name=op.f("fk_listing_resource_id")
        ),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_listing_photo_id")),
        sa.ForeignKeyConstraint(["flow_id"], ["flow.id"], name=op.f("fk_listing_flow_id")),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_listing_card_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
    )
    op.create_index(op.f("ix_listing_actor_id"), "listing", ["actor_id"], unique=False)
    op.create_index(op.f("ix_listing_card_id"), "listing", ["card_id"], unique=False)
    op.create_index(op.f("ix_listing_flow_id"), "listing", ["flow_id"], unique=False)
    op.create_index(op.f("ix_listing_origin"), "listing", ["origin"], unique=False)
    op.create_index(op.f("ix_listing_photo_id"), "listing", ["photo_id"], unique=False)
    op.create_index(op.f("ix_listing_resource_id"), "listing", ["resource_id"], unique=False)
    op.create_table(
        "synergy",
        sa.Column("id", ID, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("steps", JSON, nullable=False),
        sa.Column("parties", JSON, nullable=False),
        sa.Column("resource_id", ID, nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("next_step_day", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("mass_t_per_year", sa.Double(), nullable=True),
        sa.Column("mass_uncertainty", sa.Double(), nullable=True),
        sa.Column("reliability", sa.Text(), nullable=False),
        sa.Column("baseline_key", sa.Text(), nullable=False),
        sa.Column("distance_km", sa.Double(), nullable=True),
        sa.Column("distance_source", sa.Text(), nullable=False),
        sa.Column("offer_id", ID, nullable=True),
        sa.Column("need_id", ID, nullable=True),
        sa.Column("idea_id", ID, nullable=True),
        sa.Column("workshop_id", ID, nullable=True),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name=op.f("fk_synergy_resource_id")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["listing.id"], name=op.f("fk_synergy_offer_id")),
        sa.ForeignKeyConstraint(["need_id"], ["listing.id"], name=op.f("fk_synergy_need_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_synergy_idea_id")),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=op.f("fk_synergy_workshop_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synergy")),
    )
    op.create_index(op.f("ix_synergy_idea_id"), "synergy", ["idea_id"], unique=False)
    op.create_index(op.f("ix_synergy_need_id"), "synergy", ["need_id"], unique=False)
    op.create_index(op.f("ix_synergy_offer_id"), "synergy", ["offer_id"], unique=False)
    op.create_index(op.f("ix_synergy_resource_id"), "synergy", ["resource_id"], unique=False)
    op.create_index(op.f("ix_synergy_status"), "synergy", ["status"], unique=False)
    op.create_index(op.f("ix_synergy_workshop_id"), "synergy", ["workshop_id"], unique=False)
    op.create_table(
        "synergy_note",
        sa.Column("id", ID, nullable=False),
        sa.Column("synergy_id", ID, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["synergy_id"], ["synergy.id"], name=op.f("fk_synergy_note_synergy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synergy_note")),
    )
    op.create_index(
        op.f("ix_synergy_note_synergy_id"), "synergy_note", ["synergy_id"], unique=False
    )
    op.create_table(
        "event",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("end_day", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("attendance", BIG, nullable=True),
        sa.Column("reliability", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("workshop_id", ID, nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=op.f("fk_event_workshop_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_workshop_id"), "event", ["workshop_id"], unique=False)
    op.create_table(
        "subscriber",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("radius_km", sa.Double(), nullable=True),
        sa.Column("streams", JSON, nullable=False),
        sa.Column("consent_day", sa.Text(), nullable=False),
        sa.Column("consent_source", sa.Text(), nullable=False),
        sa.Column("unsubscribed_day", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_subscriber_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriber")),
    )
    op.create_index(op.f("ix_subscriber_actor_id"), "subscriber", ["actor_id"], unique=False)
    op.create_table(
        "letter",
        sa.Column("id", ID, nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("how_to_answer", sa.Text(), nullable=False),
        sa.Column("listing_ids", JSON, nullable=False),
        sa.Column("sent_at", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
    )


def downgrade() -> None:
    for name in (
        "letter",
        "subscriber",
        "event",
        "synergy_note",
        "synergy",
        "listing",
        "idea",
        "card",
        "attendance",
        "workshop",
        "photo",
    ):
        op.drop_table(name)
