"""First tables.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Copies of the types of that time: a migration never changes with the code.
ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    op.create_table(
        "actor",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("college", sa.Text(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("position_precision", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("competences", JSON, nullable=False),
        sa.Column("naf_code", sa.Text(), nullable=False),
        sa.Column("naf_version", sa.Text(), nullable=False),
        sa.Column("siret", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("website", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actor")),
    )
    op.create_index(op.f("ix_actor_commune_code"), "actor", ["commune_code"], unique=False)
    op.create_index(op.f("ix_actor_origin"), "actor", ["origin"], unique=False)
    op.create_table(
        "change_set",
        sa.Column(
            "id",
            BIG,
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("undoes", BIG, nullable=True),
        sa.ForeignKeyConstraint(["undoes"], ["change_set.id"], name=op.f("fk_change_set_undoes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_set")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_change_set_undoes"), "change_set", ["undoes"], unique=False)
    op.create_table(
        "commune",
        sa.Column("position", BIG, nullable=False),
        sa.Column("code", ID, nullable=False),
        sa.Column("neighbour", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("epci_code", sa.Text(), nullable=False),
        sa.Column("population", BIG, nullable=False),
        sa.Column("area_km2", sa.Double(), nullable=False),
        sa.Column("town_hall_lon", sa.Double(), nullable=False),
        sa.Column("town_hall_lat", sa.Double(), nullable=False),
        sa.Column("boundary_wkb", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_commune")),
    )
    op.create_table(
        "depot",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_depot")),
    )
    op.create_table(
        "epci",
        sa.Column("position", BIG, nullable=False),
        sa.Column("code", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_epci")),
    )
    op.create_table(
        "resource",
        sa.Column("id", ID, nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("synonyms", JSON, nullable=False),
        sa.Column("waste_codes", JSON, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("density_kg_per_l", sa.Double(), nullable=True),
        sa.Column("density_low_kg_per_l", sa.Double(), nullable=True),
        sa.Column("density_high_kg_per_l", sa.Double(), nullable=True),
        sa.Column("unit_mass_kg", sa.Double(), nullable=True),
        sa.Column("co2e_kg_per_t", sa.Double(), nullable=True),
        sa.Column("substitutes", JSON, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("hypothesis", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource")),
    )
    op.create_table(
        "setting",
        sa.Column("id", ID, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
    )
    op.create_table(
        "territory",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("population_vintage", sa.Text(), nullable=False),
        sa.Column("boundary_vintage", sa.Text(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_territory")),
    )
    op.create_table(
        "vehicle",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("capacity_kg", sa.Double(), nullable=False),
        sa.Column("capacity_containers", sa.Double(), nullable=False),
        sa.Column("speed_kmh", sa.Double(), nullable=False),
        sa.Column("shift_start_s", BIG, nullable=False),
        sa.Column("shift_end_s", BIG, nullable=False),
        sa.Column("count", BIG, nullable=False),
        sa.Column("range_m", BIG, nullable=True),
        sa.Column("cost_eur_per_shift", sa.Double(), nullable=False),
        sa.Column("cost_eur_per_hour", sa.Double(), nullable=False),
        sa.Column("cost_eur_per_km", sa.Double(), nullable=False),
        sa.Column("co2e_kg_per_km", sa.Double(), nullable=False),
        sa.Column("co2e_uncertainty", sa.Double(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicle")),
    )
    op.create_table(
        "change",
        sa.Column(
            "id",
            BIG,
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("transaction_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "record_id",
            ID,
            nullable=False,
        ),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("before", JSON, nullable=True),
        sa.Column("after", JSON, nullable=True),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["change_set.id"], name=op.f("fk_change_transaction_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_change_kind_record_id"), "change", ["kind", "record_id"], unique=False)
    op.create_index(op.f("ix_change_transaction_id"), "change", ["transaction_id"], unique=False)
    op.create_table(
        "flow",
        sa.Column("id", ID, nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column(
            "resource_id",
            ID,
            nullable=False,
        ),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Double(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("uncertainty", sa.Double(), nullable=True),
        sa.Column("periods_per_year", sa.Double(), nullable=True),
        sa.Column("visits_per_week", sa.Double(), nullable=True),
        sa.Column("year", BIG, nullable=True),
        sa.Column("seasonality", JSON, nullable=False),
        sa.Column("packaging", sa.Text(), nullable=False),
        sa.Column("quality", sa.Text(), nullable=False),
        sa.Column("cost_eur_per_year", sa.Double(), nullable=True),
        sa.Column(
            "partner_id",
            ID,
            nullable=True,
        ),
        sa.Column("partner_name", sa.Text(), nullable=False),
        sa.Column("partner_place", sa.Text(), nullable=False),
        sa.Column("waste_code", sa.Text(), nullable=False),
        sa.Column("treatment_code", sa.Text(), nullable=False),
        sa.Column("reliability", sa.Text(), nullable=False),
        sa.Column("reliability_note", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("study_id", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_flow_actor_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["actor.id"], name=op.f("fk_flow_partner_id")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_flow_resource_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow")),
    )
    op.create_index(op.f("ix_flow_actor_id"), "flow", ["actor_id"], unique=False)
    op.create_index(op.f("ix_flow_origin"), "flow", ["origin"], unique=False)
    op.create_index(op.f("ix_flow_partner_id"), "flow", ["partner_id"], unique=False)
    op.create_index(op.f("ix_flow_resource_id"), "flow", ["resource_id"], unique=False)
    op.create_table(
        "outlet",
        sa.Column("id", ID, nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("resource_ids", JSON, nullable=False),
        sa.Column("windows", JSON, nullable=False),
        sa.Column("weekly_capacity_kg", sa.Double(), nullable=True),
        sa.Column("unload_s", BIG, nullable=False),
        sa.Column("treatment", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_outlet_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outlet")),
    )
    op.create_index(op.f("ix_outlet_actor_id"), "outlet", ["actor_id"], unique=False)
    op.create_table(
        "scenario",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "resource_id",
            ID,
            nullable=False,
        ),
        sa.Column("stops", JSON, nullable=False),
        sa.Column("vehicles", JSON, nullable=False),
        sa.Column("depot", JSON, nullable=False),
        sa.Column("outlets", JSON, nullable=False),
        sa.Column("travel_source", sa.Text(), nullable=False),
        sa.Column("assumptions", JSON, nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("seed", BIG, nullable=False),
        sa.Column("time_limit_s", sa.Double(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name=op.f("fk_scenario_resource_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario")),
    )
    op.create_index(op.f("ix_scenario_resource_id"), "scenario", ["resource_id"], unique=False)
    op.create_table(
        "stop",
        sa.Column("id", ID, nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column(
            "resource_id",
            ID,
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("kg_per_visit", sa.Double(), nullable=False),
        sa.Column("containers_per_visit", sa.Double(), nullable=False),
        sa.Column("visits_per_week", sa.Double(), nullable=False),
        sa.Column("service_s", BIG, nullable=False),
        sa.Column("windows", JSON, nullable=False),
        sa.Column(
            "longest_storage_days",
            BIG,
            nullable=False,
        ),
        sa.Column("skip_value_eur", sa.Double(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_stop_actor_id")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_stop_resource_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop")),
    )
    op.create_index(op.f("ix_stop_actor_id"), "stop", ["actor_id"], unique=False)
    op.create_index(op.f("ix_stop_origin"), "stop", ["origin"], unique=False)
    op.create_index(op.f("ix_stop_resource_id"), "stop", ["resource_id"], unique=False)
    op.create_table(
        "plan",
        sa.Column("id", ID, nullable=False),
        sa.Column(
            "scenario_id",
            ID,
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("rounds", JSON, nullable=False),
        sa.Column("unserved", JSON, nullable=False),
        sa.Column("travel_source", sa.Text(), nullable=False),
        sa.Column("travel_margin", sa.Double(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("cost_eur", sa.Double(), nullable=False),
        sa.Column("bound_eur", sa.Double(), nullable=True),
        sa.Column("elapsed_s", sa.Double(), nullable=False),
        sa.Column("solutions", BIG, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.ForeignKeyConstraint(["scenario_id"], ["scenario.id"], name=op.f("fk_plan_scenario_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    op.create_index(op.f("ix_plan_scenario_id"), "plan", ["scenario_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_plan_scenario_id"), table_name="plan")
    op.drop_table("plan")
    op.drop_index(op.f("ix_stop_resource_id"), table_name="stop")
    op.drop_index(op.f("ix_stop_origin"), table_name="stop")
    op.drop_index(op.f("ix_stop_actor_id"), table_name="stop")
    op.drop_table("stop")
    op.drop_index(op.f("ix_scenario_resource_id"), table_name="scenario")
    op.drop_table("scenario")
    op.drop_index(op.f("ix_outlet_actor_id"), table_name="outlet")
    op.drop_table("outlet")
    op.drop_index(op.f("ix_flow_resource_id"), table_name="flow")
    op.drop_index(op.f("ix_flow_partner_id"), table_name="flow")
    op.drop_index(op.f("ix_flow_origin"), table_name="flow")
    op.drop_index(op.f("ix_flow_actor_id"), table_name="flow")
    op.drop_table("flow")
    op.drop_index(op.f("ix_change_transaction_id"), table_name="change")
    op.drop_index(op.f("ix_change_kind_record_id"), table_name="change")
    op.drop_table("change")
    op.drop_table("vehicle")
    op.drop_table("territory")
    op.drop_table("setting")
    op.drop_table("resource")
    op.drop_table("epci")
    op.drop_table("depot")
    op.drop_table("commune")
    op.drop_index(op.f("ix_change_set_undoes"), table_name="change_set")
    op.drop_table("change_set")
    op.drop_index(op.f("ix_actor_origin"), table_name="actor")
    op.drop_index(op.f("ix_actor_commune_code"), table_name="actor")
    op.drop_table("actor")
