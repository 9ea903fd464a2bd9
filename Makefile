# Thin calls of bootstrap.py, which needs nothing but python3.

.PHONY: up stop test check bench prove lock

up stop test check bench prove lock:
	@python3 bootstrap.py $@ $(ARGS)
