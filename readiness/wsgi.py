"""The door for pages."""

import os

from django.core.wsgi import get_wsgi_application

from readiness.web.door import door
from readiness.web.safety import refuse_unsafe_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "readiness.settings")

application = door(get_wsgi_application())
refuse_unsafe_start()
