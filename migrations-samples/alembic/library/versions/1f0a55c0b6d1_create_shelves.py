"""create shelves

Revision ID: 1f0a55c0b6d1
Revises:
Create Date: 2026-01-05 09:00:00

"""
import sqlalchemy as sa
from alembic import op

revision = "1f0a55c0b6d1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "shelves",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("room", sa.String(60), nullable=False),
    )


def downgrade():
    op.drop_table("shelves")
