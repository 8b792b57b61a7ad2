"""Every switch of Lantern, each from the environment (docs/admin/settings.md explains them; a test compares both)."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from lantern.config import env

ROOT = Path(__file__).resolve().parents[3]
LANTERN_DATA = Path(env.text("LANTERN_DATA", str(ROOT / "var"))).resolve()
LANTERN_FILES = LANTERN_DATA / "files"
LANTERN_INDEX = LANTERN_DATA / "index"
LANTERN_SEMANTIC = env.flag("LANTERN_SEMANTIC", True)  # only where the extra is installed
LANTERN_UPLOADS = LANTERN_DATA / "imports"
LANTERN_VIDEO_MB = env.number("LANTERN_VIDEO_MB", 500, least=1, most=2000)
LANTERN_PERSON_MB = env.number("LANTERN_PERSON_MB", 5000, least=1, most=1_000_000)
LANTERN_AUDIT = LANTERN_DATA / "audit"
LANTERN_AUDIT_MAIL = env.words("LANTERN_AUDIT_MAIL")

DEMO = env.flag("LANTERN_DEMO")
DEBUG = env.flag("LANTERN_DEBUG")
PRODUCTION = not (DEMO or DEBUG)
SECRET_KEY_FALLBACKS = env.words("LANTERN_OLD_SECRET_KEYS")
SECRET_KEY = env.text("LANTERN_SECRET_KEY") or "not-a-secret: checks.py refuses to start in production with this"
# Seals what is private in the database and on the disk (kernel/sealing): lost, nobody can read it any more.
LANTERN_SEALING_KEY = env.text("LANTERN_SEALING_KEY") or "not-a-secret: checks.py refuses this in production too"
LANTERN_OLD_SEALING_KEYS = env.words("LANTERN_OLD_SEALING_KEYS")
ALLOWED_HOSTS = env.words("LANTERN_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("LANTERN_ORIGINS")
# Where given, files people handed in are served from this origin only, which has no cookies (web/content_host.py)
LANTERN_CONTENT_ORIGIN = env.origin("LANTERN_CONTENT_ORIGIN")
ALLOWED_HOSTS += env.hosts(LANTERN_CONTENT_ORIGIN)
LANTERN_MAIL_DOMAIN = env.text("LANTERN_MAIL_DOMAIN", "lantern.localhost")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "template_partials",
    "lucide",
    "csp",
    "django_q",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "lantern",
]

# The first four put the safety headers on every answer, also on redirects, files, refusals and faults: nothing may
# stand before them (tests/web/test_headers.py asks every address).
MIDDLEWARE = [
    "lantern.web.headers.safety_headers",
    "lantern.web.headers.ContentPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "lantern.web.content_host.content_host",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lantern.web.middleware.request_identity",
    "lantern.web.trail.refusals",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lantern.web.gate.GateMiddleware",
    "lantern.web.sessions.SessionsMiddleware",
    "lantern.web.second_step.SecondStepMiddleware",
]

ROOT_URLCONF = "lantern.config.urls"
WSGI_APPLICATION = "lantern.config.wsgi.application"
FORM_RENDERER = "lantern.ui.controls.Controls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "src/lantern/ui/templates", *sorted((ROOT / "src/lantern/web").glob("*/templates"))],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "lantern.web.shell.context",
            ],
            "libraries": {"ui": "lantern.ui.tags"},
            "builtins": ["template_partials.templatetags.partials", "django.templatetags.static", "lantern.ui.tags"],
        },
    }
]
TEMPLATES[0].pop("APP_DIRS")

DATABASE_URL = env.text("DATABASE_URL")
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.database(DATABASE_URL) if DATABASE_URL else env.sqlite(LANTERN_DATA / "lantern.sqlite3")
}
LANTERN_OWNER_URL = env.text("LANTERN_OWNER_URL")
LANTERN_OWNER = env.owner(LANTERN_OWNER_URL, DATABASE_URL)  # who changes the tables, where that is another role
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Django's default of 300 entries would let anybody push codes that were used, and others' limits, out of the cache.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "lantern_cache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

LANTERN_CHECK_PREPARED = False  # the suite compares every kept query with what Django would send (kernel/prepared)

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
TIME_ZONE = env.text("LANTERN_TIME_ZONE", "UTC")
USE_TZ = True
USE_I18N = True
FIRST_DAY_OF_WEEK = 1

STATIC_URL = "/static/"
STATIC_ROOT = LANTERN_DATA / "static"
STATICFILES_DIRS = [
    ROOT / "src/lantern/ui/static",
    ("fonts/figtree", ROOT / "node_modules/@fontsource-variable/figtree/files"),
    ("fonts/bricolage", ROOT / "node_modules/@fontsource-variable/bricolage-grotesque/files"),
    ("vendor/htmx", ROOT / "node_modules/htmx.org/dist"),
]
LANTERN_FONTS = ROOT / "node_modules/@expo-google-fonts/figtree"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "lantern.ui.assets.Assets"},
}
MEDIA_ROOT = LANTERN_DATA / "unused-media"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_HANDLERS = [
    "lantern.web.uploads.HeldInMemory",  # what says something about students, small and never on the disk
    "lantern.web.uploads.StreamedToDisk",  # all else: never whole in memory, and only as large as is taken
]

# Sign-in: e-mail and password (Argon2id), passkey or code as a second step, OpenID Connect where configured
AUTH_USER_MODEL = "lantern.Account"
AUTHENTICATION_BACKENDS = ["lantern.kernel.sign_in.sessions.Accounts"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "lantern.kernel.sign_in.passwords.Length"},
    {"NAME": "lantern.kernel.sign_in.passwords.WellKnown"},
    {
        "NAME": "lantern.kernel.sign_in.passwords.EasyToGuess",
        "OPTIONS": {"words_of": "lantern.domain.people.queries.words_about"},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "lantern.web.public.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "lantern.web.public.adapters.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SESSION_REMEMBER = None  # she chooses at sign-in; how long a session lives at most is web/sessions.py's
ACCOUNT_FORMS = {"reset_password": "lantern.web.public.forms.ForgottenPasswordForm"}
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
# Passwords are counted by kernel/sign_in/tries.py; "login_failed" is left for codes of the second step.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/h/key",
    "login": "60/m/ip",
    "reset_password": "20/h/ip,5/h/key",
    "change_password": "10/h/user",
    # The plan of somebody in her calendar (interop/ical), which asks once an hour or less.
    "plan_calendar": "60/h/key",
    "plan_calendar_wrong": "60/h/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.flag("LANTERN_BEHIND_PROXY") else 0  # else all would share the proxy's address
MFA_ADAPTER = "lantern.web.public.adapters.SecondStepAdapter"
# Who sees others' data signs in with a second step. The demonstration, where anybody may be anybody, does not ask.
SECOND_STEP_REQUIRED = not DEMO
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
SOCIALACCOUNT_ONLY = False
OIDC_SECOND_STEP = env.choice("LANTERN_OIDC_SECOND_STEP", "OWN", ("OWN", "CLAIMED", "TRUSTED")).lower()
OIDC_ISSUER = env.text("LANTERN_OIDC_ISSUER")
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "district",
                "name": env.text("LANTERN_OIDC_NAME", "your district"),
                "client_id": env.text("LANTERN_OIDC_CLIENT_ID"),
                "secret": env.text("LANTERN_OIDC_SECRET"),
                "settings": {"server_url": OIDC_ISSUER, "oauth_pkce_enabled": True},
            }
        ]
        if OIDC_ISSUER
        else []
    }
}

SESSION_ENGINE = "lantern.kernel.sign_in.sessions"
# A word after an act may name what is private ("Reading aloud" is in your plan): it goes to her browser in a signed
# cookie and never into the session, which lies readable in the database.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrf"
CSRF_COOKIE_HTTPONLY = True  # htmx gets the token from the page (ui/document.html)
DEVICE_COOKIE_NAME = "__Host-device" if PRODUCTION else "device"
CSRF_FAILURE_VIEW = "lantern.web.gate.csrf_failure"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("LANTERN_BEHIND_PROXY") else None
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
WHITENOISE_ALLOW_ALL_ORIGINS = False
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *env.origins(LANTERN_CONTENT_ORIGIN)],
        "media-src": [SELF, *env.origins(LANTERN_CONTENT_ORIGIN)],
        "object-src": [NONE],
        "base-uri": [NONE],
        # The button to the district's sign-on is a form; browsers hold its onward way against this list too.
        "form-action": [SELF, *env.origins(OIDC_ISSUER)],
        "frame-ancestors": [NONE],
    }
}

Q_CLUSTER = {
    "name": "lantern",
    "orm": "default",
    "broker_class": "lantern.kernel.jobs.queue.Queue",
    "workers": env.number("LANTERN_WORKERS", 1, least=1, most=64),
    "timeout": 600,
    "retry": 660,
    "poll": 0.5,
    "max_attempts": 5,
    "ack_failures": False,
    "save_limit": 250,
    "catch_up": False,
    "label": "Jobs",
    "log_level": "WARNING",
}

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if env.text("LANTERN_SMTP_HOST")
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = LANTERN_DATA / "mail"
EMAIL_HOST = env.text("LANTERN_SMTP_HOST")
EMAIL_PORT = env.number("LANTERN_SMTP_PORT", 587, least=1)
EMAIL_HOST_USER = env.text("LANTERN_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("LANTERN_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("LANTERN_SMTP_TLS", True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("LANTERN_MAIL_FROM", f"Lantern <lantern@{LANTERN_MAIL_DOMAIN}>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "lantern.config.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {
        "handlers": ["stderr"],
        "level": env.choice("LANTERN_LOG_LEVEL", "WARNING" if DEMO else "INFO", env.LOG_LEVELS),
    },
    "loggers": {"django.server": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}
