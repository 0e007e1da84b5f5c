# Each target makes ready what it needs, then runs the command of the same name.
# `npm run …` does the same on a machine that is ready, and keeps the documented exit statuses; make turns
# every failure into 2.

LAB ?= crash-server
ARGS ?=
SETUP := @scripts/setup.sh

.DEFAULT_GOAL := help
.PHONY: lab test verify docs bench images base-image doctor clean help

lab: ## Run a lab: make lab LAB=abort ARGS="--engine local"
	$(SETUP) --engine auto $(ARGS)
	@npm run lab -- $(LAB) $(ARGS)

test: ## Check the style and the types, then run all tests
	$(SETUP) --engine all
	@npm test

verify: ## Run all labs, in all pairs of languages, in every engine
	$(SETUP) --engine all $(ARGS)
	@npm run verify -- $(ARGS)

docs: ## Write the generated parts of pages (only look: ARGS=--check)
	$(SETUP) --engine local
	@npm run docs -- $(ARGS)

bench: ## Measure how fast labs run
	$(SETUP) --engine auto
	@npm run bench -- $(ARGS)

images: ## Build the Docker images; some of them: ARGS="java tools"
	$(SETUP) --engine docker
	@npm run images -- $(ARGS)

base-image: ## Make the images' base image without a registry
	@docker/base-image.sh $(ARGS)

doctor: ## Show what this machine can do, and what mends what it lacks
	$(SETUP) --engine none
	@npm run doctor -- $(ARGS)

clean: ## Remove results, caches, and this project's Docker images
	$(SETUP) --engine none
	@npm run clean

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
