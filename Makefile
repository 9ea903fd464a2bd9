# Thin calls of bootstrap.py, which needs nothing but python3.

.PHONY: up stop test check bench prove soak docs lock

up stop test check bench prove soak docs lock:
	@python3 bootstrap.py $@ $(ARGS)
