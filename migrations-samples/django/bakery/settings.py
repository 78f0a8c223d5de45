from pathlib import Path

SECRET_KEY = "a sample needs none"
INSTALLED_APPS = ["apps.recipes", "apps.orders"]
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": Path(__file__).resolve().parent.parent / "bakery.db",
    }
}
