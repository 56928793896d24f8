"""Settings of the console, one flat file; every value that differs by place comes from ``env.py``."""

from datetime import timedelta

from csp.constants import NONE, SELF
from kombu import Queue

from configurator.env import (
    ROOT,
    connect_to,
    env,
    filled_file,
    outbound_proxy,
    path_setting,
    secret_address,
    secret_setting,
)

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
SECURE = env.bool("SECURE", default=True)
SECRET_KEY = env.str("SECRET_KEY")
VAULT_KEYS = env.str("VAULT_KEYS", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "js_lib_bootstrap5",
    "configurator.vault",
    "configurator.audit",
    "configurator.accounts",
    "configurator.console",
    "configurator.console.bulk",
    "configurator.local",
    "mailsettings",
    "queues",
    "imports",
    "tokenchecks",
    "health.findings",
    "health.alarms",
    "health",
    "dashboard",
    "support",
    *(["demo"] if DEMO else []),
]

MIDDLEWARE = [
    "configurator.console.frame.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "configurator.console.frame.middleware.MethodMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "configurator.console.frame.middleware.InitialPasswordMiddleware",
    "configurator.console.frame.middleware.PrivateCacheMiddleware",
]

ROOT_URLCONF = "configurator.urls"
WSGI_APPLICATION = "configurator.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "configurator.console.frame.context.console",
            ],
        },
    },
]
FORM_RENDERER = "configurator.console.objects.widgets.Renderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False
DJANGO_TABLES2_TEMPLATE = "console/lists/table.html"

# psycopg waits at most this long for a database that does not answer, so a page says so within 3 s.
DATABASES = {"default": env.db("DATABASE_URL", default="postgresql:///configurator")}
DATABASES["default"] |= {
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    "ATOMIC_REQUESTS": False,
}
DATABASES["default"].setdefault("OPTIONS", {}).update(
    {"connect_timeout": 3, "options": "-c lock_timeout=2000 -c statement_timeout=30000"}
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Valkey only notifies workers: the jobs are rows of tables.
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": "configurator:",
    # Notifications that a lost worker had received are not kept: the sweep notifies again, much sooner. With these
    # kept, a worker of Celery 5.7 that loses the broker while it holds one ends with "Unrecoverable error".
    "ack_emulation": False,
    # Without time-outs a frozen broker would block its clients for ever.
    "socket_timeout": 2,
    "socket_connect_timeout": 1,
    "socket_keepalive": True,
    # The worker pings the broker after so many silent seconds.
    "health_check_interval": 15,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.2,
}
# How beat publishes a sweep; jobs are published once, see configurator/jobs/doorbell.py.
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.2,
}
# The worker and beat wait for an absent broker for as long as it takes, instead of ending after 100 tries.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A message counts as done when its task begins, so a reconnected worker holds none back for the running ones.
CELERY_WORKER_ENABLE_PREFETCH_COUNT_REDUCTION = False
# Sweeps have a queue of their own, which workers read in turn with the other: they must not wait behind the checks that
# they are there to rescue.
CELERY_TASK_DEFAULT_QUEUE = "checks"
CELERY_TASK_QUEUES = [Queue("checks"), Queue("sweeps"), Queue("imports")]
SWEEPS = (
    "configurator.console.bulk.tasks.perform",
    "configurator.console.bulk.tasks.sweep",
    "tokenchecks.tasks.sweep",
    "tokenchecks.tasks.schedule",
    "tokenchecks.tasks.tidy",
    "mailsettings.tasks.wipe_due_secrets",
    "imports.tasks.sweep",
    "findings.tasks.look",
    "alarms.tasks.look",
    "alarms.tasks.deliver",
)
CELERY_TASK_ROUTES = {task: {"queue": "sweeps"} for task in SWEEPS} | {"imports.tasks.work": {"queue": "imports"}}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# What beat publishes, every so many seconds. What was not begun by the next time is dropped, so that nothing piles up
# while no worker runs.
CELERY_BEAT_SCHEDULE = {
    name: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
    for name, task, seconds in (
        ("ring-for-runs-that-wait", "tokenchecks.tasks.sweep", 5.0),
        ("queue-what-is-due", "tokenchecks.tasks.schedule", 10.0),
        # Every hour, since it is unknown at which hour of the day beat runs.
        ("wipe-previous-secrets-that-are-due", "mailsettings.tasks.wipe_due_secrets", 3600.0),
        ("ring-for-bulk-actions-that-wait", "configurator.console.bulk.tasks.sweep", 5.0),
        ("open-and-close-alarms", "alarms.tasks.look", 10.0),
        ("ask-every-rule-for-findings", "findings.tasks.look", 60.0),
        ("send-notices-that-wait", "alarms.tasks.deliver", 30.0),
        ("bring-imports-on", "imports.tasks.sweep", 10.0),
        ("drop-what-is-kept-no-longer", "tokenchecks.tasks.tidy", 900.0),
    )
}
# How often each server and address is checked by itself, while it is OK.
CHECK_EVERY = timedelta(minutes=env.int("CHECK_EVERY", default=15))
# How long single checks are kept, and how long the history that timelines are drawn from.
RESULTS_KEPT = timedelta(days=env.int("RESULTS_KEPT_DAYS", default=14))
HISTORY_KEPT = timedelta(days=env.int("HISTORY_KEPT_DAYS", default=400))
# How long an import is kept, applied or not, with the rows of its file.
IMPORTS_KEPT = timedelta(days=7)

# The checks: where to connect for which Microsoft host, and whose certificates to trust besides the public ones.
ENTRA_CONNECT_TO = connect_to(env.str("ENTRA_CONNECT_TO", default=""))
ENTRA_CA_FILE = filled_file("ENTRA_CA_FILE")
# The only proxy that the checks and the webhook of alarms use: those of the environment are ignored.
OUTBOUND_PROXY = outbound_proxy(
    env.str("OUTBOUND_PROXY", default=""),
    user=env.str("OUTBOUND_PROXY_USER", default=""),
    password=secret_setting("OUTBOUND_PROXY_PASSWORD"),
)

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["configurator.accounts.backends.RoleBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "console:start"
LOGOUT_REDIRECT_URL = "accounts:sign_in"

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_NAME = "__Host-sessionid" if SECURE else "sessionid"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SECURE else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "configurator.console.frame.errors.csrf_failure"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("TRUST_PROXY", default=False) else None
SECURE_HSTS_SECONDS = 63_072_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # Bootstrap's css draws its select arrows and ticks from data: images.
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
# Uploads are never written to disk in clear text, and larger ones are refused.
FILE_UPLOAD_HANDLERS = ["imports.reading.upload_handler.EncryptingHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

LANGUAGE_CODE = "en"
LANGUAGE_DEFAULT = env.str("LANGUAGE_DEFAULT", default="en")
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_I18N = False
USE_TZ = True

STATIC_URL = "static/"
# The image collects its files when it is built and names their directory; a checkout serves them from static/.
STATIC_ROOT = path_setting("STATIC_ROOT")
STATICFILES_DIRS = [ROOT / "static"]
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_ROOT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Who is notified of alarms, and the console's address in these messages.
ALARM_MAIL_TO = [address.strip() for address in env.list("ALARM_MAIL_TO", default=[]) if address.strip()]
ALARM_WEBHOOK_URL = secret_address(env.str("ALARM_WEBHOOK_URL", default=""))
SITE_ADDRESS = env.str("SITE_ADDRESS", default="").rstrip("/")
# After so many minutes in which nothing that is due was checked, the silence of the checker is an alarm.
SILENT_AFTER = timedelta(minutes=env.float("SILENT_AFTER", default=10))

vars().update(env.email("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="configurator@localhost")

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "configurator.console.frame.logs.RequestIdFilter"}},
    "formatters": {"line": {"()": "configurator.console.frame.logs.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["request_id"], "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    # msal's and the HTTP layers' debug lines describe requests that carry secrets.
    "loggers": {name: {"level": "WARNING"} for name in ("msal", "urllib3", "celery.app.trace")}
    # It warns of each request that waits for a thread.
    | {"waitress.queue": {"level": "ERROR"}},
}
