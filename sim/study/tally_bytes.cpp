// The bytes of a tally: a mark with the version, the numbers of cells, then the cells. Numbers are written seven bits a
// byte, the lowest first, and in the fewest bytes; of a histogram only the buckets that hold something, each with its
// distance from the one before.
#include <stdexcept>

#include "sim/study/tally.hpp"

namespace rehearse::sim {
namespace {

constexpr std::string_view mark = "rehearse tally 1\n";
static_assert(Tally::version == 1);

class Writer {
 public:
  std::string text{mark};

  void number(UnsignedWide value) {
    while (value >= 0x80) {
      text += static_cast<char>(static_cast<unsigned char>(value) | 0x80U);
      value >>= 7;
    }
    text += static_cast<char>(value);
  }
  /// The sign in the lowest bit, so that small numbers of either sign are short.
  void whole(Wide value) {
    const auto bits = static_cast<UnsignedWide>(value);
    number(bits << 1 ^ (value < 0 ? ~UnsignedWide{0} : 0));
  }
  void squares(const SquareSum& sum) {
    number(sum.low);
    number(sum.high);
  }
  void moments(const Moments& moments) {
    number(moments.count);
    if (moments.count == 0) return;
    whole(moments.sum);
    squares(moments.squares);
    whole(moments.least);
    whole(moments.greatest);
    number(moments.greatest_in);
  }
  void histogram(const Histogram& histogram) {
    std::uint64_t buckets = 0;
    histogram.for_each([&](Histogram::Bucket, std::uint64_t) { ++buckets; });
    number(buckets);
    Histogram::Bucket next = 0;
    histogram.for_each([&](Histogram::Bucket bucket, std::uint64_t count) {
      number(bucket - next);
      number(count);
      next = bucket + 1;
    });
  }
};

struct Damaged {};

/// So that their sum fits into 128 bits whatever they are.
constexpr std::uint64_t most_values = std::uint64_t{1} << 62;

/// Whether moments and histograms can be of the same values.
bool agree(const Distribution& cell) {
  const Moments& moments = cell.moments;
  if (cell.values.count() > moments.count || cell.at_least.count() > moments.count) return false;
  if (moments.count != cell.count()) return false;
  if (moments.count == 0) return true;
  if (moments.least < 0) return false;
  Histogram all = cell.values;
  all.merge(cell.at_least);
  return all.bucket_of_rank(1) == Histogram::bucket_of(moments.least) &&
         all.bucket_of_rank(all.count()) == Histogram::bucket_of(moments.greatest);
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {
    if (!text_.starts_with(mark)) throw Damaged();
    text_.remove_prefix(mark.size());
  }

  bool at_end() const { return text_.empty(); }

  UnsignedWide number() {
    UnsignedWide value = 0;
    for (unsigned shift = 0;; shift += 7) {
      if (text_.empty() || shift > 126) throw Damaged();
      const auto byte = static_cast<unsigned char>(text_.front());
      text_.remove_prefix(1);
      const UnsignedWide bits = byte & 0x7FU;
      if (shift == 126 && bits > 3) throw Damaged();
      if (byte == 0 && shift > 0) throw Damaged();  // not in the fewest bytes
      value |= bits << shift;
      if ((byte & 0x80U) == 0) return value;
    }
  }
  std::uint64_t number64() {
    const UnsignedWide value = number();
    if (value >> 64 != 0) throw Damaged();
    return static_cast<std::uint64_t>(value);
  }
  Wide whole() {
    const UnsignedWide value = number();
    return static_cast<Wide>(value >> 1 ^ ((value & 1) != 0 ? ~UnsignedWide{0} : 0));
  }
  std::int64_t whole64() {
    const Wide value = whole();
    if (value != static_cast<std::int64_t>(value)) throw Damaged();
    return static_cast<std::int64_t>(value);
  }
  SquareSum squares() {
    SquareSum sum;
    sum.low = number();
    sum.high = number64();
    return sum;
  }
  Moments moments() {
    Moments moments;
    moments.count = number64();
    if (moments.count == 0) return moments;
    moments.sum = whole();
    moments.squares = squares();
    moments.least = whole64();
    moments.greatest = whole64();
    moments.greatest_in = number64();
    if (moments.count > most_values || moments.least > moments.greatest) throw Damaged();
    const auto count = static_cast<Wide>(moments.count);
    if (moments.sum < count * moments.least || moments.sum > count * moments.greatest) throw Damaged();
    return moments;
  }
  Histogram histogram() {
    Histogram histogram;
    const std::uint64_t buckets = number64();
    std::uint64_t next = 0;
    for (std::uint64_t place = 0; place < buckets; ++place) {
      const std::uint64_t distance = number64(), count = number64();
      if (distance >= Histogram::bucket_count - next || count == 0) throw Damaged();
      if (histogram.count() + count < count) throw Damaged();
      histogram.add_to(static_cast<Histogram::Bucket>(next + distance), count);
      next += distance + 1;
    }
    return histogram;
  }
  /// A number of cells: each takes at least a byte.
  std::size_t cells() {
    const std::uint64_t count = number64();
    if (count > text_.size()) throw Damaged();
    return static_cast<std::size_t>(count);
  }

 private:
  std::string_view text_;
};

Tally read(std::string_view bytes) {
  Reader reader(bytes);
  Tally tally;
  for (std::size_t left = reader.cells(); left > 0; --left) tally.counts.push_back(reader.number64());
  for (std::size_t left = reader.cells(); left > 0; --left) tally.moments.push_back(reader.moments());
  for (std::size_t left = reader.cells(); left > 0; --left) {
    Distribution& cell = tally.distributions.emplace_back();
    cell.moments = reader.moments();
    cell.values = reader.histogram();
    cell.at_least = reader.histogram();
    cell.none = reader.number64();
    if (!agree(cell)) throw Damaged();
  }
  for (std::size_t left = reader.cells(); left > 0; --left) {
    Pairs& cell = tally.pairs.emplace_back();
    cell.first = reader.moments();
    cell.second = reader.moments();
    cell.products = reader.squares();
    const bool negative = cell.first.count > 0 && (cell.first.least < 0 || cell.second.least < 0);
    if (cell.first.count != cell.second.count || negative) throw Damaged();
  }
  if (!reader.at_end()) throw Damaged();
  return tally;
}

}  // namespace

std::string Tally::bytes() const {
  Writer writer;
  writer.number(counts.size());
  for (const std::uint64_t count : counts) writer.number(count);
  writer.number(moments.size());
  for (const Moments& cell : moments) writer.moments(cell);
  writer.number(distributions.size());
  for (const Distribution& cell : distributions) {
    writer.moments(cell.moments);
    writer.histogram(cell.values);
    writer.histogram(cell.at_least);
    writer.number(cell.none);
  }
  writer.number(pairs.size());
  for (const Pairs& cell : pairs) {
    writer.moments(cell.first);
    writer.moments(cell.second);
    writer.squares(cell.products);
  }
  return std::move(writer.text);
}

std::optional<Tally> Tally::from_bytes(std::string_view bytes) {
  try {
    return read(bytes);
  } catch (const Damaged&) {
    return std::nullopt;
  }
}

}  // namespace rehearse::sim
