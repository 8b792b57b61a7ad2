"""What gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lantern.config.settings")
application = get_wsgi_application()

# What is loaded by now stays for good: the collector need not look at it again, and workers share its memory.
gc.collect()
gc.freeze()
