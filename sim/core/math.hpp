// Elementary functions with the same bits everywhere. The C library picks its variants of log and exp by the processor
// (with or without fused multiply-add) and these differ in the last bit, so that a seed would mean something else on
// another machine. Ours use only operations that IEEE 754 defines to the bit: + - * / and std::sqrt; the project is
// compiled without contraction of a * b + c.
//
// log and exp are within 2 units in the last place, the others within 1e-14 (inverse_normal 1e-9 or better) relative.
#pragma once

namespace rehearse::core {

/// Natural logarithm; -infinity at 0, NaN below.
double log(double x);

/// e^x; 0 far below, infinity far above.
double exp(double x);

/// The z that a standard normal variate does not exceed with probability p; p in the open interval (0, 1).
double inverse_normal(double p);

/// log of the gamma function; x > 0.
double log_gamma(double x);

/// The x that a gamma variate with a whole shape and scale 1 (the sum of `stages` standard exponentials) does not
/// exceed with probability p; p in the open interval (0, 1), stages >= 1.
double inverse_erlang(int stages, double p);

}  // namespace rehearse::core
