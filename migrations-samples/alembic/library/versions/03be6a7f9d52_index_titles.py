"""index titles

Revision ID: 03be6a7f9d52
Revises: 7c31d9e24a80
Create Date: 2026-01-19 09:00:00

"""
from alembic import op

revision = "03be6a7f9d52"
down_revision = "7c31d9e24a80"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index("books_title", "books", ["title"])


def downgrade():
    op.drop_index("books_title", table_name="books")
