# nida: one Makefile, no configure step. Targets: see `make help`.
#
# Sources are taken room by room (src/<room>/*.c); every room becomes one archive, and a program or a
# test links its own room and the rooms below it, nothing else.

PREFIX  ?= /usr/local
DESTDIR ?=
VARIANT ?= release
ifeq ($(origin CC),default)
CC := gcc
endif
BUILD   ?= $(if $(filter release,$(VARIANT)),build,build/$(VARIANT))

VERSION := 0.1.0

# `make V=1` shows whole command lines.
ifeq ($(V),1)
say = @:
Q :=
else
say = @printf '  %-6s %s\n'
Q := @
endif

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
        -Wvla -Wundef -Wwrite-strings -Werror

override CPPFLAGS += -D_GNU_SOURCE -Iinclude -DNIDA_VERSION='"$(VERSION)"'
CFLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
LDFLAGS_release := -pie -Wl,-z,relro,-z,now
CFLAGS_san := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
LDFLAGS_san := -fsanitize=address,undefined
CFLAGS_cov := -O0 -g --coverage
LDFLAGS_cov := --coverage

override CFLAGS  := -std=c11 $(WARN) $(CFLAGS_$(VARIANT)) $(CFLAGS)
override LDFLAGS := $(LDFLAGS_$(VARIANT)) $(LDFLAGS)

# ---- rooms, lowest floor first ----------------------------------------------------------------

ROOMS := base model load ledger provider run report cmd sim

LIBS_base     := -lcrypto
LIBS_load     := -lyaml -lcsv
LIBS_ledger   := -lsqlite3
LIBS_provider := -lcurl -lcjson
LIBS_run      :=
LIBS_report   :=
LIBS_cmd      :=
LIBS_sim      := -lmicrohttpd -lcjson

# What a room may stand on, highest first (the order the linker wants).
BELOW_base     :=
BELOW_model    := base
BELOW_load     := model base
BELOW_ledger   := model base
BELOW_provider := model base
BELOW_run      := load ledger provider model base
BELOW_report   := ledger model base
BELOW_cmd      := run report load ledger provider model base
BELOW_sim      := provider model base

room_objects = $(patsubst src/%.c,$(BUILD)/obj/%.o,$(wildcard src/$(1)/*.c))
archive      = $(BUILD)/lib$(1).a
archives     = $(foreach room,$(1),$(call archive,$(room)))
libs         = $(foreach room,$(1),$(LIBS_$(room))) -lm

NIDA_ROOMS := cmd $(BELOW_cmd)
SIM_ROOMS  := sim $(BELOW_sim)

# ---- what Debian calls the things nida needs ---------------------------------------------------

PACKAGES_BUILD := gcc make pkg-config libcurl4-openssl-dev libssl-dev libcsv-dev libyaml-dev \
                  libcjson-dev libsqlite3-dev libmicrohttpd-dev tzdata
PACKAGES_TEST  := libcmocka-dev bats parallel jq tidy sqlite3 curl python3 strace chromium nodejs tmux mandoc
PACKAGES_LINT  := clang clang-format shellcheck
need = @tests/support/need-packages

.PHONY: all build help
all: build
build: $(BUILD)/nida $(BUILD)/nida-sim

help:
	@sed -n 's/^## //p' Makefile
$(BUILD)/nida: $(call archives,$(NIDA_ROOMS))
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(call libs,$(NIDA_ROOMS))

$(BUILD)/nida-sim: $(call archives,$(SIM_ROOMS))
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(call libs,$(SIM_ROOMS))

define room_rule
$(call archive,$(1)): $(call room_objects,$(1)) $(EXTRA_$(1))
	@rm -f $$@
	$(Q)$(AR) rcs $$@ $$^
endef

# ---- assets of the report page, embedded as byte arrays ----------------------------------------

ASSETS := $(wildcard src/report/assets/*)
EXTRA_report := $(BUILD)/obj/report/assets.o

$(BUILD)/gen/assets.c: $(ASSETS) Makefile
	@mkdir -p $(@D)
	@{ echo '#include "report/assets.h"'; \
	for file in $(ASSETS); do \
		name=asset_$$(basename $$file | tr '.-' '__'); \
		echo "const unsigned char $$name[] = {"; \
		od -An -v -tx1 $$file | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g'; \
		echo "0};"; \
		echo "const size_t $${name}_size = sizeof($$name) - 1;"; \
	done; } > $@.new && mv $@.new $@

$(BUILD)/obj/report/assets.o: $(BUILD)/gen/assets.c
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(foreach room,$(ROOMS),$(eval $(call room_rule,$(room))))

$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

-include $(shell find $(BUILD)/obj $(BUILD)/tests -name '*.d' 2>/dev/null)

# ---- tests -------------------------------------------------------------------------------------

# tests/unit/<room>/<noun>_test.c links its room and what that room may include.
UNIT_SOURCES := $(wildcard tests/unit/*/*_test.c)
UNIT_TESTS   := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(UNIT_SOURCES))

define unit_rule
$(BUILD)/tests/$(1)/%_test: tests/unit/$(1)/%_test.c $(call archives,$(1) $(BELOW_$(1)))
	@mkdir -p $$(@D)
	$(say) TEST $$@
	$(Q)$(CC) $(CPPFLAGS) -Itests/support $(CFLAGS) $(LDFLAGS) -MMD -MP -o $$@ $$< \
		$(call archives,$(1) $(BELOW_$(1))) $(call libs,$(1) $(BELOW_$(1))) -lcmocka -lcjson
endef
$(foreach room,$(ROOMS),$(eval $(call unit_rule,$(room))))

## make              build build/nida and build/nida-sim
## make demo         a whole campaign against simulated customers, in half a minute
## make test         everything: unit tests, verbs, sanitizers, the report page in a browser
## make san          build everything under ASan and UBSan, and run the tests with it
## make lint         rooms, banned functions, format, clang's and shellcheck's opinion
## make format       let clang-format decide
## make install      PREFIX=/usr/local DESTDIR=
## make clean        forget everything that was built

.PHONY: demo
demo:
	$(need) $(PACKAGES_BUILD)
	@$(MAKE) --no-print-directory build
	@src/sim/demo $(BUILD)

.PHONY: unit verbs page weather programs test san
unit: $(UNIT_TESTS)
	@tests/support/run-unit $(BUILD) $(UNIT_TESTS)

verbs: build
	@tests/support/run-bats $(BUILD) tests/bats

page: build $(BUILD)/tests/report/html_test
	@tests/support/run-page $(BUILD)

weather: $(BUILD)/tests/storm/storm
	@tests/support/run-storm $(BUILD) $(if $(filter san,$(VARIANT)),60,400)

# One kind of test after the other: they measure time and race processes. Building may use as many jobs
# as make was given.
programs: build $(UNIT_TESTS) $(BUILD)/tests/storm/storm

san:
	@$(MAKE) --no-print-directory VARIANT=san programs
	@$(MAKE) --no-print-directory VARIANT=san unit
	@$(MAKE) --no-print-directory VARIANT=san weather
	@$(MAKE) --no-print-directory VARIANT=san verbs

test:
	$(need) $(PACKAGES_BUILD) $(PACKAGES_TEST)
	@rm -f build/results
	@$(MAKE) --no-print-directory programs
	@$(MAKE) --no-print-directory unit
	@$(MAKE) --no-print-directory weather
	@$(MAKE) --no-print-directory page
	@$(MAKE) --no-print-directory verbs
	@$(MAKE) --no-print-directory san
	@tests/support/sum-up build/results

.PHONY: lint format
SOURCES := $(shell find src include tests -name '*.[ch]' 2>/dev/null)
SCRIPTS := .ci/run src/sim/demo $(shell grep -rlE '^\#!/bin/(sh|bash)' tests 2>/dev/null)

lint:
	$(need) $(PACKAGES_BUILD) libcmocka-dev $(PACKAGES_LINT)
	@awk -f tests/lint/includes $(filter src/% include/%,$(SOURCES))
	@awk -f tests/lint/banned $(filter src/% include/%,$(SOURCES))
	@clang-format --dry-run -Werror $(SOURCES)
	@clang $(CPPFLAGS) -Itests/support -std=c11 $(WARN) -fsyntax-only $(filter src/%.c tests/unit/%.c,$(SOURCES))
	@shellcheck $(SCRIPTS)
	@echo "lint: rooms, functions, format, clang and scripts are clean"

format:
	@clang-format -i $(SOURCES)

.PHONY: install clean
install: build
	install -d $(addprefix $(DESTDIR)$(PREFIX)/,bin share/nida/campaigns share/nida/scenarios \
		share/man/man1 share/man/man5 share/bash-completion/completions \
		share/zsh/site-functions lib/systemd/system share/doc/nida)
	install -m 755 $(BUILD)/nida $(BUILD)/nida-sim $(DESTDIR)$(PREFIX)/bin/
	install -m 644 scenarios/*.yaml $(DESTDIR)$(PREFIX)/share/nida/scenarios/
	install -m 644 campaigns/*.yaml campaigns/*.csv campaigns/.env.example \
		$(DESTDIR)$(PREFIX)/share/nida/campaigns/
	install -m 644 src/share/man/nida.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 src/share/man/nida-campaign.5 $(DESTDIR)$(PREFIX)/share/man/man5/
	install -m 644 src/share/completions/nida.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/nida
	install -m 644 src/share/completions/_nida $(DESTDIR)$(PREFIX)/share/zsh/site-functions/
	sed 's#/usr/local/#$(PREFIX)/#' src/share/systemd/nida@.service \
		>$(DESTDIR)$(PREFIX)/lib/systemd/system/nida@.service
	chmod 644 $(DESTDIR)$(PREFIX)/lib/systemd/system/nida@.service
	install -m 644 src/share/systemd/nida@.timer $(DESTDIR)$(PREFIX)/lib/systemd/system/
	install -m 644 README.md LICENSE $(DESTDIR)$(PREFIX)/share/doc/nida/
	install -m 644 src/share/logrotate/nida $(DESTDIR)$(PREFIX)/share/doc/nida/nida.logrotate

## make storm        SEEDS=1000 [SEED=1]: the storm test (tests/storm/storm.h)

STORM_SOURCES := $(wildcard tests/storm/*.c)
STORM_ROOMS   := run $(BELOW_run)
SEEDS ?= 1000
SEED  ?=

$(BUILD)/tests/storm/storm: $(STORM_SOURCES) tests/storm/storm.h $(call archives,$(STORM_ROOMS))
	@mkdir -p $(@D)
	$(say) TEST $@
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $(STORM_SOURCES) \
		$(call archives,$(STORM_ROOMS)) $(call libs,$(STORM_ROOMS))

.PHONY: storm storm-mutants
storm: $(BUILD)/tests/storm/storm
	@$(BUILD)/tests/storm/storm $(if $(SEED),$(SEED) 1,1 $(SEEDS))

## make storm-mutants  break nida on purpose, many ways; the storm must catch each

storm-mutants:
	@tests/storm/mutants/check

## make bench        what nida costs, side by side with references [FIGURES="freeze status"]

BENCH_PROGRAMS := $(BUILD)/bench/server $(BUILD)/bench/flood $(BUILD)/bench/measure
FIGURES ?=

$(BUILD)/bench/%: tests/bench/%.c
	@mkdir -p $(@D)
	$(say) BENCH $@
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< -lcurl

.PHONY: bench
bench: build $(BENCH_PROGRAMS)
	$(need) $(PACKAGES_BUILD) sqlite3 python3
	@/usr/bin/python3 -BIS tests/bench/bench.py $(BUILD) $(FIGURES)

clean:
	rm -rf build
