"""create books

Revision ID: 7c31d9e24a80
Revises: 1f0a55c0b6d1
Create Date: 2026-01-12 09:00:00

"""
import sqlalchemy as sa
from alembic import op

revision = "7c31d9e24a80"
down_revision = "1f0a55c0b6d1"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "books",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("shelf_id", sa.Integer(), sa.ForeignKey("shelves.id"), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
    )


def downgrade():
    op.drop_table("books")
