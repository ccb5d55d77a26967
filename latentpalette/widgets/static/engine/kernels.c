// The arithmetic of the engine in the page: what JavaScript is too slow for, on rows of float32.
//
// Plain 128-bit SIMD without its "relaxed" operations: every browser, processor and batch computes the same bits. A sum
// runs over its inputs in their order, one accumulator for each output, so a row does not depend on those beside it.
//
// A matrix lies in panels of 8 outputs: of each panel all inputs in order, 8 numbers each. Outputs that fill the last
// panel up are zeros. A row's stride is in numbers, not bytes.
//
// Built by build.sh; kernels.wasm lies beside this file.

#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name)))
// Unrolled by the compiler, the sums below spill their registers in V8 and take up to 1.4 times as long.
#define ROLLED _Pragma("clang loop unroll_count(1)")

enum { PANEL = 8, TILE = 4 };  // 5 rows at a time take 1.6 times as long as 4: V8 spills

static inline v128_t load(const float *from) { return wasm_v128_load(from); }
static inline void store(float *to, v128_t value) { wasm_v128_store(to, value); }
static inline v128_t add(v128_t a, v128_t b) { return wasm_f32x4_add(a, b); }
static inline v128_t mul(v128_t a, v128_t b) { return wasm_f32x4_mul(a, b); }
static inline v128_t all(float value) { return wasm_f32x4_splat(value); }

// --- products -------------------------------------------------------------------------------------------------------

static inline void multiply_tile(float *out, int out_stride, const float *start, int start_stride, const float *x,
                                 int x_stride, const float *panel, int depth) {
  v128_t left[TILE], right[TILE];
  for (int row = 0; row < TILE; row++) {
    left[row] = load(start + row * start_stride);
    right[row] = load(start + row * start_stride + 4);
  }
  ROLLED
  for (int k = 0; k < depth; k++, panel += PANEL) {
    v128_t weights_left = load(panel), weights_right = load(panel + 4);
    for (int row = 0; row < TILE; row++) {
      v128_t input = wasm_v128_load32_splat(x + row * x_stride + k);
      left[row] = add(left[row], mul(input, weights_left));
      right[row] = add(right[row], mul(input, weights_right));
    }
  }
  for (int row = 0; row < TILE; row++) {
    store(out + row * out_stride, left[row]);
    store(out + row * out_stride + 4, right[row]);
  }
}

// A row alone takes several panels at a time: one sum after the other would wait for each addition.
static inline void multiply_row(float *out, const float *start, const float *x, const float *weights, int depth,
                                int panels) {
  int size = depth * PANEL, panel = 0;
  for (; panel + TILE <= panels; panel += TILE) {
    v128_t left[TILE], right[TILE];
    const float *column = weights + panel * size;
    for (int side = 0; side < TILE; side++) {
      left[side] = load(start + (panel + side) * PANEL);
      right[side] = load(start + (panel + side) * PANEL + 4);
    }
    ROLLED
    for (int k = 0; k < depth; k++, column += PANEL) {
      v128_t input = wasm_v128_load32_splat(x + k);
      for (int side = 0; side < TILE; side++) {
        left[side] = add(left[side], mul(input, load(column + side * size)));
        right[side] = add(right[side], mul(input, load(column + side * size + 4)));
      }
    }
    for (int side = 0; side < TILE; side++) {
      store(out + (panel + side) * PANEL, left[side]);
      store(out + (panel + side) * PANEL + 4, right[side]);
    }
  }
  for (; panel < panels; panel++) {
    const float *column = weights + panel * size;
    v128_t left = load(start + panel * PANEL), right = load(start + panel * PANEL + 4);
    ROLLED
    for (int k = 0; k < depth; k++, column += PANEL) {
      v128_t input = wasm_v128_load32_splat(x + k);
      left = add(left, mul(input, load(column)));
      right = add(right, mul(input, load(column + 4)));
    }
    store(out + panel * PANEL, left);
    store(out + panel * PANEL + 4, right);
  }
}

// out = start + x @ weights. `start` may be a bias (stride 0), other rows, or `out` itself.
EXPORT(product)
void product(float *out, int out_stride, const float *start, int start_stride, const float *x, int x_stride,
             const float *weights, int rows, int depth, int panels) {
  int row = 0;
  int tiled = rows - rows % TILE;
  for (int panel = 0; tiled && panel < panels; panel++)
    for (row = 0; row < tiled; row += TILE)
      multiply_tile(out + row * out_stride + panel * PANEL, out_stride, start + row * start_stride + panel * PANEL,
                    start_stride, x + row * x_stride, x_stride, weights + panel * depth * PANEL, depth);
  for (row = tiled; row < rows; row++)
    multiply_row(out + row * out_stride, start + row * start_stride, x + row * x_stride, weights, depth, panels);
}

// out = start + the matrix's row of each token: the product with a one-hot frame. A token is counted from `first`.
EXPORT(look_up)
void look_up(float *out, int out_stride, const float *start, int start_stride, const int *tokens, int token_stride,
             const float *weights, int rows, int depth, int panels, int first) {
  for (int row = 0; row < rows; row++) {
    const float *from = weights + (first + tokens[row * token_stride]) * PANEL;
    for (int panel = 0; panel < panels; panel++, from += depth * PANEL) {
      float *to = out + row * out_stride + panel * PANEL;
      const float *begin = start + row * start_stride + panel * PANEL;
      store(to, add(load(begin), load(from)));
      store(to + 4, add(load(begin + 4), load(from + 4)));
    }
  }
}

// --- functions of single numbers ------------------------------------------------------------------------------------
// Coefficients by tests/widgets/engine/fit.py: the largest relative errors are 2e-8 and 2e-9 before rounding.

static inline v128_t tanh4(v128_t x) {
  v128_t clipped = wasm_f32x4_pmin(all(9.02f), wasm_f32x4_pmax(all(-9.02f), x));
  v128_t u = mul(clipped, clipped);
  v128_t over = all(1.33190703e-08f), under = all(7.76201887e-07f);
  over = add(mul(over, u), all(2.05834804e-05f));
  over = add(mul(over, u), all(0.00349403452f));
  over = add(mul(over, u), all(0.133797184f));
  over = add(mul(over, u), all(1.0f));
  under = add(mul(under, u), all(0.000328309281f));
  under = add(mul(under, u), all(0.0258710738f));
  under = add(mul(under, u), all(0.467130333f));
  under = add(mul(under, u), all(1.0f));
  v128_t ratio = wasm_f32x4_div(mul(clipped, over), under);
  return wasm_f32x4_pmin(all(1.0f), wasm_f32x4_pmax(all(-1.0f), ratio));
}

// sigmoid(x) = (1 + tanh(x / 2)) / 2
static inline v128_t sigmoid4(v128_t x) { return add(mul(tanh4(mul(x, all(0.5f))), all(0.5f)), all(0.5f)); }

// exp of numbers up to 0; below -87 it is exp(-87), next to nothing.
static inline v128_t exp4(v128_t x) {
  x = wasm_f32x4_pmax(all(-87.0f), x);
  v128_t power = wasm_f32x4_nearest(mul(x, all(1.44269504f)));
  // ln 2 in two parts, the first of few digits: power times it is exact.
  v128_t rest = wasm_f32x4_sub(wasm_f32x4_sub(x, mul(power, all(0.693359375f))), mul(power, all(-2.12194440e-4f)));
  v128_t value = all(0.00138368458f);
  value = add(mul(value, rest), all(0.00837481581f));
  value = add(mul(value, rest), all(0.0416682251f));
  value = add(mul(value, rest), all(0.166664198f));
  value = add(mul(value, rest), all(0.499999911f));
  value = add(mul(value, rest), all(1.0f));
  value = add(mul(value, rest), all(1.0f));
  v128_t exponent = wasm_i32x4_shl(wasm_i32x4_add(wasm_i32x4_trunc_sat_f32x4(power), wasm_i32x4_splat(127)), 23);
  return mul(value, exponent);
}

// `count` is a multiple of 4, here and below: rows are padded to whole panels.
EXPORT(tanhs)
void tanhs(float *out, const float *x, int count) {
  ROLLED
  for (int k = 0; k < count; k += 4) store(out + k, tanh4(load(x + k)));
}

EXPORT(sigmoids)
void sigmoids(float *out, const float *x, int count) {
  ROLLED
  for (int k = 0; k < count; k += 4) store(out + k, sigmoid4(load(x + k)));
}

// --- recurrent cells ------------------------------------------------------------------------------------------------

// One step of an LSTM from its gates i, f, g, o: c = f c + i g, h = o tanh(c). Rows of h are `units` apart in `cell`,
// `h_stride` in `h`.
EXPORT(lstm)
void lstm(float *h, int h_stride, float *cell, const float *gates, int rows, int units) {
  for (int row = 0; row < rows; row++, gates += 4 * units, cell += units, h += h_stride) {
    ROLLED
    for (int k = 0; k < units; k += 4) {
      v128_t i = sigmoid4(load(gates + k)), f = sigmoid4(load(gates + units + k));
      v128_t g = tanh4(load(gates + 2 * units + k)), o = sigmoid4(load(gates + 3 * units + k));
      v128_t c = add(mul(f, load(cell + k)), mul(i, g));
      store(cell + k, c);
      store(h + k, mul(o, tanh4(c)));
    }
  }
}

// One step of a GRU from what its input and its state give to r, z, n: h = (1 - z) n + z h, n = tanh(input + r state).
EXPORT(gru)
void gru(float *h, int h_stride, const float *previous, int previous_stride, const float *from_input,
         const float *from_state, int rows, int units) {
  for (int row = 0; row < rows; row++) {
    const float *input = from_input + row * 3 * units, *state = from_state + row * 3 * units;
    ROLLED
    for (int k = 0; k < units; k += 4) {
      v128_t r = sigmoid4(add(load(input + k), load(state + k)));
      v128_t z = sigmoid4(add(load(input + units + k), load(state + units + k)));
      v128_t n = tanh4(add(load(input + 2 * units + k), mul(r, load(state + 2 * units + k))));
      v128_t difference = wasm_f32x4_sub(load(previous + row * previous_stride + k), n);
      store(h + row * h_stride + k, add(n, mul(z, difference)));
    }
  }
}

// --- classes --------------------------------------------------------------------------------------------------------

// The largest of each row; of equals the first.
EXPORT(largest)
void largest(int *tokens, int token_stride, const float *logits, int logit_stride, int rows, int classes) {
  for (int row = 0; row < rows; row++) {
    const float *from = logits + row * logit_stride;
    int best = 0;
    for (int k = 1; k < classes; k++)
      if (from[k] > from[best]) best = k;
    tokens[row * token_stride] = best;
  }
}

// A class drawn from softmax(logits / temperature) with one uniform number: the first whose cumulative probability lies
// above it. The probabilities take the place of the logits, whose rows have room for a multiple of 4.
EXPORT(draw)
void draw(int *tokens, int token_stride, float *logits, int logit_stride, const float *uniforms, int uniform_stride,
          float temperature, int rows, int classes) {
  for (int row = 0; row < rows; row++) {
    float *from = logits + row * logit_stride;
    float most = from[0];
    for (int k = 1; k < classes; k++)
      if (from[k] > most) most = from[k];
    v128_t divisor = all(temperature), top = wasm_f32x4_div(all(most), divisor);
    ROLLED
    for (int k = 0; k < classes; k += 4)
      store(from + k, exp4(wasm_f32x4_sub(wasm_f32x4_div(load(from + k), divisor), top)));
    // Sums are in doubles, and what is compared is rounded, as torch does: 512 probabilities have many close bounds.
    double total = 0.0;
    ROLLED
    for (int k = 0; k < classes; k++) total += from[k];
    v128_t whole = all((float)total);
    ROLLED
    for (int k = 0; k < classes; k += 4) store(from + k, wasm_f32x4_div(load(from + k), whole));
    total = 0.0;
    ROLLED
    for (int k = 0; k < classes; k++) total += from[k];
    float bound = uniforms[row * uniform_stride] * (float)total;
    double sum = 0.0;
    int token = 0;
    ROLLED
    for (; token < classes - 1; token++) {
      sum += from[token];
      if ((float)sum > bound) break;
    }
    tokens[row * token_stride] = token;
  }
}

// --- layer norm -----------------------------------------------------------------------------------------------------

static inline float sum4(v128_t x) {
  return wasm_f32x4_extract_lane(x, 0) + wasm_f32x4_extract_lane(x, 1) + wasm_f32x4_extract_lane(x, 2) +
         wasm_f32x4_extract_lane(x, 3);
}

// The first half of a residual block of a learned prior: out = swish(norm(x) weight + bias), and x is moved on by `added`,
// the bias of the product that is added to it next. Rows are `stride` apart, and zero beyond their width. Without `added`
// (0), out = norm(x) weight + bias, and x stays.
EXPORT(layer_norm)
void layer_norm(float *out, float *x, int stride, const float *weight, const float *bias, const float *added, int rows,
                int width) {
  for (int row = 0; row < rows; row++, out += stride, x += stride) {
    v128_t sum = all(0.0f), squares = all(0.0f);
    ROLLED
    for (int k = 0; k < stride; k += 4) sum = add(sum, load(x + k));
    float mean = sum4(sum) / width;
    ROLLED
    for (int k = 0; k < stride; k += 4) {
      v128_t difference = wasm_f32x4_sub(load(x + k), all(mean));
      squares = add(squares, mul(difference, difference));
    }
    float variance = (sum4(squares) - (stride - width) * mean * mean) / width;
    v128_t scale = all(1.0f / __builtin_sqrtf(variance + 1e-5f));
    ROLLED
    for (int k = 0; k < stride; k += 4) {
      v128_t value = load(x + k), weighed = mul(scale, load(weight + k));
      v128_t normed = add(mul(wasm_f32x4_sub(value, all(mean)), weighed), load(bias + k));
      store(out + k, added ? mul(normed, sigmoid4(normed)) : normed);
      if (added) store(x + k, add(value, load(added + k)));
    }
  }
}

// --- weights as they are stored -------------------------------------------------------------------------------------

// float16 to float32. A multiplication moves the exponent, so numbers below the smallest normal one come out right.
EXPORT(widen_float16)
void widen_float16(float *out, const unsigned short *from, int count) {
  v128_t magnitude = wasm_i32x4_splat(0x7fff), sign = wasm_i32x4_splat(0x8000), scale = all(0x1p112f);
  ROLLED
  for (int k = 0; k < count; k += 4) {
    v128_t bits = wasm_u32x4_load16x4(from + k);
    v128_t value = mul(wasm_i32x4_shl(wasm_v128_and(bits, magnitude), 13), scale);
    store(out + k, wasm_v128_or(value, wasm_i32x4_shl(wasm_v128_and(bits, sign), 16)));
  }
}

// int8 to float32: a matrix in panels, a scale for each output.
EXPORT(widen_int8)
void widen_int8(float *out, const signed char *from, const float *scales, int depth, int panels) {
  for (int panel = 0; panel < panels; panel++, scales += PANEL) {
    v128_t left = load(scales), right = load(scales + 4);
    ROLLED
    for (int k = 0; k < depth; k++, from += PANEL, out += PANEL) {
      v128_t wide = wasm_i16x8_load8x8(from);
      store(out, mul(wasm_f32x4_convert_i32x4(wasm_i32x4_extend_low_i16x8(wide)), left));
      store(out + 4, mul(wasm_f32x4_convert_i32x4(wasm_i32x4_extend_high_i16x8(wide)), right));
    }
  }
}
