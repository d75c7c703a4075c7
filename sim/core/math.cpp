#include "sim/core/math.hpp"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace rehearse::core {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// ln 2 = upper + lower, where the upper part has so few bits that its product with an exponent is exact.
constexpr double ln2_upper = 0x1.62e42feep-1;
constexpr double ln2_lower = 0x1.a39ef35793c76p-33;
constexpr double one_over_ln2 = 0x1.71547652b82fep0;

constexpr std::uint64_t mantissa_mask = (std::uint64_t{1} << 52) - 1;

/// 2^exponent for a normal result.
double power_of_two(int exponent) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}

/// c[0] + c[1] x + c[2] x^2 + ...
template <std::size_t n>
double polynomial(const double (&c)[n], double x) {
  double sum = c[n - 1];
  for (std::size_t i = n - 1; i-- > 0;) sum = sum * x + c[i];
  return sum;
}

}  // namespace

double log(double x) {
  if (!(x > 0.0)) return x == 0.0 ? -infinity : not_a_number;
  if (x == infinity) return infinity;
  int exponent = 0;
  if (x < std::numeric_limits<double>::min()) {
    x *= 0x1p54;
    exponent = -54;
  }
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(x);
  exponent += static_cast<int>(bits >> 52) - 1023;
  double m = std::bit_cast<double>((bits & mantissa_mask) | std::uint64_t{1023} << 52);
  if (m > 0x1.6a09e667f3bcdp0) {  // sqrt 2
    m *= 0.5;
    ++exponent;
  }
  // log(1 + f) = 2 artanh(s) with s = f / (2 + f), arranged so that f, which is exact, is the leading term.
  const double f = m - 1.0;
  const double s = f / (2.0 + f);
  static constexpr double c[] = {2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9,  2.0 / 11,
                                 2.0 / 13, 2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21};
  const double square = s * s;
  const double rest = square * polynomial(c, square);
  return exponent * ln2_upper + (f - (s * (f - rest) - exponent * ln2_lower));
}

double exp(double x) {
  if (x != x) return x;
  if (x > 709.79) return infinity;
  if (x < -745.2) return 0.0;
  const int exponent = static_cast<int>(x * one_over_ln2 + (x < 0.0 ? -0.5 : 0.5));
  const double upper = x - exponent * ln2_upper;
  const double lower = exponent * ln2_lower;
  const double r = upper - lower;
  const double lost = (upper - r) - lower;  // what rounding took from r
  // Taylor from the third term on; |r| <= ln 2 / 2.
  static constexpr double c[] = {1.0 / 2,       1.0 / 6,        1.0 / 24,        1.0 / 120,
                                 1.0 / 720,     1.0 / 5040,     1.0 / 40320,     1.0 / 362880,
                                 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};
  const double y = 1.0 + (r + (r * r * polynomial(c, r) + lost));
  if (exponent > 1023) return y * 2.0 * power_of_two(exponent - 1);
  if (exponent < -1022) return y * power_of_two(exponent + 64) * 0x1p-64;
  return y * power_of_two(exponent);
}

// Wichura, algorithm AS 241 (1988), PPND16: rational approximations on three ranges, relative accuracy about 1e-16.
double inverse_normal(double p) {
  const double q = p - 0.5;
  if (q >= -0.425 && q <= 0.425) {
    static constexpr double a[] = {3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3,
                                   1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                   3.3430575583588128105e+4, 2.5090809287301226727e+3};
    static constexpr double b[] = {1.0,
                                   4.2313330701600911252e+1,
                                   6.8718700749205790830e+2,
                                   5.3941960214247511077e+3,
                                   2.1213794301586595867e+4,
                                   3.9307895800092710610e+4,
                                   2.8729085735721942674e+4,
                                   5.2264952788528545610e+3};
    const double r = 0.180625 - q * q;
    return q * polynomial(a, r) / polynomial(b, r);
  }
  const double tail = q < 0.0 ? p : 1.0 - p;
  double r = std::sqrt(-log(tail));
  double z = 0.0;
  if (r <= 5.0) {
    static constexpr double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                                   3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                                   2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static constexpr double d[] = {1.0,
                                   2.05319162663775882187e0,
                                   1.67638483018380384940e0,
                                   6.89767334985100004550e-1,
                                   1.48103976427480074590e-1,
                                   1.51986665636164571966e-2,
                                   5.47593808499534494600e-4,
                                   1.05075007164441684324e-9};
    r -= 1.6;
    z = polynomial(c, r) / polynomial(d, r);
  } else {
    static constexpr double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                                   2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                   2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static constexpr double f[] = {1.0,
                                   5.99832206555887937690e-1,
                                   1.36929880922735805310e-1,
                                   1.48753612908506148525e-2,
                                   7.86869131145613259100e-4,
                                   1.84631831751005468180e-5,
                                   1.42151175831644588870e-7,
                                   2.04426310338993978564e-15};
    r -= 5.0;
    z = polynomial(e, r) / polynomial(f, r);
  }
  return q < 0.0 ? -z : z;
}

// Stirling's series, after the recurrence has carried x to where eight terms suffice.
double log_gamma(double x) {
  double product = 1.0;
  while (x < 12.0) {
    product *= x;
    x += 1.0;
  }
  static constexpr double c[] = {1.0 / 12,   -1.0 / 360,      1.0 / 1260, -1.0 / 1680,
                                 1.0 / 1188, -691.0 / 360360, 1.0 / 156,  -3617.0 / 122400};
  constexpr double half_log_two_pi = 0.91893853320467274178;
  const double inverse = 1.0 / x;
  return (x - 0.5) * log(x) - x + half_log_two_pi + inverse * polynomial(c, inverse * inverse) - log(product);
}

namespace {

/// Both tails, so that neither is the difference of nearly equal numbers, and the density.
struct ErlangAt {
  double below, above, density;
};

ErlangAt erlang_at(int stages, double log_factorial, double x) {
  // The probability of stages - 1 arrivals by x is also the density; the rest are its neighbours.
  const double density = exp((stages - 1) * log(x) - x - log_factorial);
  double sum = 0.0;
  if (x < stages) {
    double term = density;
    for (int n = stages; term > sum * 1e-18; ++n) {
      term *= x / n;
      sum += term;
    }
    return {sum, 1.0 - sum, density};
  }
  double term = density;
  for (int n = stages - 1; n >= 0 && term > sum * 1e-18; --n) {
    sum += term;
    term *= n / x;
  }
  return {1.0 - sum, sum, density};
}

}  // namespace

double inverse_erlang(int stages, double p) {
  if (stages == 1) return -log(1.0 - p);
  const double log_factorial = log_gamma(stages);

  // Wilson and Hilferty's cube is near enough to start Newton's iteration, except far out on the left.
  const double third = 1.0 - 1.0 / (9.0 * stages) + inverse_normal(p) / (3.0 * std::sqrt(static_cast<double>(stages)));
  const double leftmost = exp((log(p) + log_factorial + log(stages)) / stages);  // from F(x) <= x^k / k!
  double low = 0.0;
  double high = infinity;
  double x = third > 0.0 ? stages * third * third * third : leftmost;
  if (x < leftmost) x = leftmost;
  for (int iteration = 0; iteration < 200; ++iteration) {
    const ErlangAt at = erlang_at(stages, log_factorial, x);
    const double excess = at.below < at.above ? at.below - p : (1.0 - p) - at.above;
    (excess < 0.0 ? low : high) = x;
    double next = x - excess / at.density;
    if (!(next > low && next < high)) next = high == infinity ? 2.0 * x : 0.5 * (low + high);
    const double step = next > x ? next - x : x - next;
    x = next;
    if (step <= 4e-16 * x) break;
  }
  return x;
}

}  // namespace rehearse::core
