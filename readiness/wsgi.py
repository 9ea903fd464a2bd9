"""The door for pages."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from readiness.web.door import door
from readiness.web.safety import refuse_unsafe_start

ALLOCATIONS_BEFORE_A_COLLECTION = 20_000

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "readiness.settings")

application = door(get_wsgi_application())
refuse_unsafe_start()

# What is loaded by now stays: a collection need not walk through it, nor come ten times a page.
gc.collect()
gc.freeze()
gc.set_threshold(ALLOCATIONS_BEFORE_A_COLLECTION)
