"""The door for pages."""

import os

from django.core.wsgi import get_wsgi_application

from readiness.web.door import door

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "readiness.settings")

application = door(get_wsgi_application())
