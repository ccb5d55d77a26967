#!/bin/sh
# Builds kernels.wasm from kernels.c, beside it or where the first argument says. Needs clang and wasm-ld, as in Debian's
# packages clang and lld; CLANG names another clang. The module itself says which compiler built it.
set -eu
cd "$(dirname "$0")"
exec "${CLANG:-clang}" --target=wasm32 -O3 -msimd128 -ffp-contract=off -fno-builtin -ffreestanding -nostdlib \
  -Wall -Wextra -Werror -Wl,--no-entry -Wl,--export=__heap_base -Wl,--strip-debug -o "${1:-kernels.wasm}" kernels.c
