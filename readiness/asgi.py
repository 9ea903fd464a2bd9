"""What uvicorn serves: pages go through the WSGI handler, in a pool of threads.

Streams under /live/ get a door of their own here when live reviews arrive.
"""

from a2wsgi import WSGIMiddleware

from readiness.wsgi import application as pages

application = WSGIMiddleware(pages, workers=10)  # type: ignore[arg-type]
