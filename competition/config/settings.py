"""One file, driven by the environment. docs/operations.md explains every variable.

Three ways to run: production (servers and keys are given), DEMO=1, and DEBUG=1. Without
DATABASE_URL manage.py brings its own PostgreSQL and Redis; see embedded.py.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from competition.config.env import Env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = Env(os.environ)

# --- how it runs -----------------------------------------------------------------------------------
DEBUG = env.flag("DEBUG")
DEMO = env.flag("DEMO")
RUN_DIR = Path(env.text("RUN_DIR", str(BASE_DIR / ".run")))
#: Variables that embedded.py filled in because nobody gave them.
PROVIDED = frozenset(env.words("PORTAL_PROVIDED"))
#: On a developer's machine: no TLS in front, keys may be generated.
LOCAL = DEBUG or DEMO or env.flag("PORTAL_LOCAL")
#: Set by a test run; gives each run its own database and cache.
TEST_DB = env.text("TEST_DB")

# --- secrets ---------------------------------------------------------------------------------------
# The placeholders let tools import the settings; checks.py refuses to run with them.
SECRET_KEY = env.text("SECRET_KEY", "missing-" + "x" * 50)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
FIELD_KEYS = env.keys("FIELD_KEYS") or {"missing": b"\0" * 32}
HASH_KEY = env.secret("HASH_KEY") or b"\0" * 32

# --- addresses -------------------------------------------------------------------------------------
PORT = env.number("PORT", 8000, least=1, most=65535)
SITE_URL = (env.origins("SITE_URL") or [f"http://localhost:{PORT}"])[0]
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ("localhost", "127.0.0.1", "[::1]") if LOCAL else ())
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")
#: Believe X-Request-Start and X-Forwarded-*: only behind a proxy that removes the client's values.
TRUSTED_PROXY = env.flag("TRUSTED_PROXY")
ADMIN_PATH = env.text("ADMIN_PATH", "admin").strip("/")

# --- the contest -----------------------------------------------------------------------------------
#: The demonstration plays on a rehearsed edition of its own.
CURRENT_EDITION = env.text("CURRENT_EDITION", "demo" if DEMO else "shanxi-2025")
#: Filing numbers stay empty until they exist; the page then shows nothing.
ICP_NUMBER = env.text("ICP_NUMBER")
POLICE_NUMBER = env.text("POLICE_NUMBER")

# --- parts -----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "competition.config.apps.HouseConfig",
    "competition",
    "registration",
    "submissions",
    "judging",
    "awards",
    "whitenoise.runserver_nostatic",
    "competition.config.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "competition.config.apps.StaticFilesConfig",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "pgtrigger",
]
MIDDLEWARE = [
    "competition.arrival.arrival_middleware",
    "competition.encoding.utf8_middleware",
    "competition.config.health.health_middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "competition.accounts.middleware.LoginRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "competition.accounts.middleware.idle_middleware",
    "competition.accounts.middleware.SecondFactorMiddleware",
    "competition.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "competition.config.urls"
WSGI_APPLICATION = "competition.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "competition.context.portal",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- database, cache, queue ------------------------------------------------------------------------
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": env.number("DATABASE_CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": f"test_portal_{TEST_DB}" if TEST_DB else None},
        **env.database("DATABASE_URL"),
    }
}
REDIS_URL = env.redis("REDIS_URL", "redis://127.0.0.1:1/0")
CACHES = {
    "default": {
        "BACKEND": "competition.config.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": f"portal:{TEST_DB}" if TEST_DB else "portal",
        # A Redis that is gone must cost a page almost nothing.
        "OPTIONS": {"socket_connect_timeout": 0.25, "socket_timeout": 0.5},
    }
}
SESSION_ENGINE = "competition.accounts.session_store"
CELERY_BROKER_URL = REDIS_URL
#: Ask a worker at once when something is due; without it the reconciler's next run does it.
RING_DOORBELL = env.flag("RING_DOORBELL", default=True)
CELERY_BROKER_CONNECTION_RETRY = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 1,
    "global_keyprefix": f"portal:{TEST_DB}:" if TEST_DB else "portal:",
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE = {
    "reconcile": {
        "task": "competition.reconcile",
        "schedule": 15.0,
        # A beat that nobody answered within 15 s is worthless: the next one does the same work.
        "options": {"expires": 15},
    },
}

# --- people ----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "competition.User"
AUTHENTICATION_BACKENDS = [
    "competition.accounts.backends.Passwords",
    "competition.accounts.backends.Codes",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
#: How people sign in (docs/decisions/020-signing-in.md): a code by SMS, or e-mail/phone and password.
ACCOUNT_ADAPTER = "competition.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "phone", "password1*", "password2*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 300
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 300
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 900
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
#: The cookie lives on; the server ends the session (accounts/sessions.py).
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
#: What guards accounts is counted in the database (competition/limits.py); these only slow robots down.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "",
    "request_login_code": "",
    "verify_phone": "",
    "change_phone": "10/m/user",
}
ACCOUNT_FORMS = {
    "login": "competition.accounts.forms.LoginForm",
    "signup": "competition.accounts.forms.SignupForm",
    "request_login_code": "competition.accounts.forms.CodeForm",
    "confirm_login_code": "competition.accounts.forms.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "competition.accounts.forms.ConfirmEmailCodeForm",
    "confirm_password_reset_code": "competition.accounts.forms.ConfirmResetCodeForm",
    "verify_phone": "competition.accounts.forms.VerifyPhoneForm",
    "change_phone": "competition.accounts.forms.ChangePhoneForm",
    "add_email": "competition.accounts.forms.ChangeEmailForm",
    "reset_password": "competition.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "competition.accounts.forms.NewPasswordForm",
    "set_password": "competition.accounts.forms.SetPasswordForm",
    "change_password": "competition.accounts.forms.ChangePasswordForm",
    "reauthenticate": "competition.accounts.forms.ReauthenticateForm",
}
#: How many guesses of 5000 rounds a public form asks of a browser on average (competition/challenge):
#: a phone needs about a second for 300. Never none.
CHALLENGE_GUESSES = env.number("CHALLENGE_GUESSES", 20 if DEMO else 300, least=2, most=100_000)
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
#: Behind our nginx the last address of X-Forwarded-For is the client's.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if TRUSTED_PROXY else 0
MFA_ADAPTER = "competition.accounts.second_factor.MFAAdapter"
MFA_FORMS = {
    "authenticate": "competition.accounts.second_factor.AuthenticateForm",
    "reauthenticate": "competition.accounts.second_factor.ReauthenticateForm",
    "activate_totp": "competition.accounts.second_factor.ActivateTOTPForm",
    "add_webauthn": "competition.accounts.second_factor.AddWebAuthnForm",
    "edit_webauthn": "competition.accounts.second_factor.EditWebAuthnForm",
}
#: One step of 30 s back and forth: phones' clocks are not exact.
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# WebAuthn works on https and on http://localhost alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
MFA_TOTP_ISSUER = env.text("MFA_TOTP_ISSUER", "数据要素大赛山西分赛")

# --- language and time -----------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# --- files -----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
_VENDOR = BASE_DIR / "static" / "vendor" / "node_modules"
#: Our own files, and of the front-end packages only what pages ask for: ``vendor/bootstrap/css/...``.
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [
    BASE_DIR / "static",
    ("vendor/bootstrap/css", _VENDOR / "bootstrap" / "dist" / "css"),
    ("vendor/htmx", _VENDOR / "htmx.org" / "dist"),
    ("vendor/echarts", _VENDOR / "echarts" / "dist"),
    ("vendor/tus", _VENDOR / "tus-js-client" / "dist"),
    ("vendor/altcha", _VENDOR / "altcha" / "dist" / "external"),
    ("vendor/altcha/workers", _VENDOR / "altcha" / "dist" / "workers"),
]
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(RUN_DIR / "static")))
#: Private: only views that have asked a permission hand these out, never the web server.
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(RUN_DIR / "media")))
MEDIA_URL = ""
#: Part files of resumable uploads; every web and worker process must see the same folder.
UPLOADS_ROOT = Path(env.text("UPLOADS_ROOT", str(RUN_DIR / "uploads")))
#: Where clamd listens; without it files are not scanned for viruses, and say so.
CLAMD_URL = env.scanner("CLAMD_URL")
#: nginx in front hands out what the portal names, from its own read-only view of MEDIA_ROOT.
X_ACCEL = env.flag("X_ACCEL")
STORAGES = {
    "default": env.storage("STORAGE_URL", MEDIA_ROOT),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "competition.config.static_files.PortalStaticStorage"
    },
}
WHITENOISE_USE_FINDERS = LOCAL
WHITENOISE_AUTOREFRESH = LOCAL
# nginx works as another user; nobody else shares the volume.
FILE_UPLOAD_PERMISSIONS = 0o644 if X_ACCEL else 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o755 if X_ACCEL else 0o700
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# A form of 20,000 characters and a table of 200 cases with 12 columns fit; files are not counted.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 40

# --- mail and SMS ----------------------------------------------------------------------------------
#: Django's own mails go into the outbox; from there they leave by these transports. ``outbox`` means: to
#: be read on the outbox page (on a developer's machine), else kept until a transport is given.
EMAIL_BACKEND = "competition.delivery.mail.OutboxBackend"
MAIL_TRANSPORT = "smtp" if env.given("EMAIL_URL") else "outbox"
globals().update(env.mail("EMAIL_URL"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "noreply@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
#: ``outbox`` or the dotted path of a gateway (competition/delivery/sms.py).
SMS_BACKEND = env.text("SMS_BACKEND", "outbox")
#: What competition.delivery.aliyun.AliyunGateway needs: names and order as in the documentation.
ALIYUN_SMS = {
    "KEY_ID": env.text("ALIYUN_SMS_KEY_ID"),
    "KEY_SECRET": env.text("ALIYUN_SMS_KEY_SECRET"),
    "SIGN_NAME": env.text("ALIYUN_SMS_SIGN_NAME"),
    "TEMPLATES": env.mapping("ALIYUN_SMS_TEMPLATES"),
    "ENDPOINT": (env.origins("ALIYUN_SMS_ENDPOINT") or ["https://dysmsapi.aliyuncs.com"])[0],
    "REGION": env.text("ALIYUN_SMS_REGION", "cn-hangzhou"),
}

# --- safety ----------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_SSL_REDIRECT = not LOCAL
SECURE_HSTS_SECONDS = 0 if LOCAL else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not LOCAL
SECURE_HSTS_PRELOAD = not LOCAL
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = not LOCAL
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
CSRF_COOKIE_SECURE = not LOCAL
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "competition.config.errors.csrf_failure"

# --- log -------------------------------------------------------------------------------------------
# Paths and codes only: no bodies, no query strings, no names.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "portal": {"level": env.text("LOG_LEVEL", "INFO")},
        "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "celery": {"level": "WARNING"},
    },
}
ENV = env
