# make help lists what there is. Every command first installs what it is missing: see scripts/ensure.

NETPOL_TOOLS ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/netpol-playground/tools
export NETPOL_TOOLS
export PATH := $(NETPOL_TOOLS)/bin:$(CURDIR)/node_modules/.bin:$(PATH):$(or $(CARGO_HOME),$(HOME)/.cargo)/bin

# Where trunk and cargo are told how to build the page: `release` for size, `quick` for speed of building.
export PROFILE = release
page_profile = $(if $(filter release,$(PROFILE)),--release,--cargo-profile $(PROFILE))

# How long texts are tried.
SECONDS = 600

page_tools = linker wasm trunk wasm-bindgen packages
wasm = --target wasm32-unknown-unknown --lib --features app

.DEFAULT_GOAL := help
# The checks build on one another: size, browser and bench look at what build has made.
.NOTPARALLEL:
.PHONY: help serve build test format lint unit docs fuzz count browser bench size built clean

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.* ## /\1\t/p' Makefile | expand -t 10

serve: export PROFILE = quick
serve: ## build the page, serve it on http://127.0.0.1:8080, and build again on every change
	@scripts/ensure $(page_tools)
	@echo "building; then the page is on http://127.0.0.1:8080"
	trunk serve --locked $(page_profile) --dist target/serve

build: ## build the page: static files in dist/, to be put into any folder of any server
	@scripts/ensure $(page_tools)
	trunk build --locked $(page_profile)
	@# The nonces are for Trunk's reload script; a page that everybody can read must not name one.
	@sed -i.bak "s/ 'nonce-NONCE_OF_TRUNK'//; s/ nonce=\"NONCE_OF_TRUNK\"//g" dist/index.html
	@rm dist/index.html.bak

test: SECONDS = 20
test: format lint unit docs fuzz count build size browser ## everything that must hold before a commit lands

format: ## check the format of the sources
	@scripts/ensure lints
	cargo fmt --all --check

lint: ## clippy, native and for the page, warnings denied
	@scripts/ensure linker lints wasm
	cargo clippy --locked --workspace --all-targets --features cli,reader -- -D warnings
	cargo clippy --locked $(wasm) --bin netpol-playground -- -D warnings

unit: ## the tests of the engine, the command line and the session, without a browser
	@scripts/ensure rust linker
	cargo test --locked --workspace --features cli,reader
	cargo test --locked --lib --features app app::

docs: ## the library's documentation, warnings denied
	@scripts/ensure linker wasm
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --workspace --lib --features cli,reader
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps $(wasm)

fuzz: ## try texts of all sorts on what reads them, for SECONDS=600
	@scripts/ensure rust linker c++
	fuzz/run $(SECONDS)

count: ## the instructions of the engine's kernels, against their budget
	@scripts/ensure rust linker node valgrind
	cargo build --locked --profile bench -p netpol-kernels --bin count
	@node scripts/count.mjs target/release/count

browser: built ## the browser tests, on what is in dist/
	@scripts/ensure packages browser
	playwright test --config tests/browser

bench: built ## the benchmarks, and what the page in dist/ takes: left alone, while somebody types, beside others, to start
	@scripts/ensure rust linker wasm packages browser
	cargo bench --locked --features reader
	cargo build --locked --profile reader --target wasm32-unknown-unknown -p netpol-kernels --lib
	wasm-opt -O3 --output target/kernels.wasm target/wasm32-unknown-unknown/reader/netpol_kernels.wasm
	node benches/kernels/wasm.mjs target/kernels.wasm
	node tests/browser/idle.mjs
	node tests/browser/typing.mjs
	node tests/browser/animation.mjs
	node tests/browser/start.mjs
	cargo build --locked --profile bench -p netpol-kernels --bin generate
	target/release/generate 10000 > target/large.yaml
	node tests/browser/large.mjs target/large.yaml

size: built ## what the first load costs, part by part, against the budget
	@scripts/ensure packages
	@node scripts/size.mjs dist

built:
	@[ -f dist/index.html ] || { echo "dist/ holds no page: \`make build\` first" >&2; exit 1; }

clean: ## remove what was built, not what was installed
	rm -rf target dist
