// Takes secrets out of texts before anybody reads them: messages of Windows and of programs, logs, journals,
// transcripts. It is the last net, not the first: nothing of ours writes a secret, but a failed command may quote one.
//
// A secret is found as it is and as programs quote it, character by character and in any mixture: escaped as JSON (also
// JSON within JSON), percent-encoded, as XML, with the quotes doubled as in a PowerShell literal; and as base64 of its
// UTF-8 and UTF-16LE bytes, alone or inside of longer data.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/steps/failure.hpp"
#include "model/steps/secret.hpp"

namespace rehearse::real {

class Redaction {
 public:
  /// Bytes. A shorter secret is in every second word of a text, so none is looked for: whoever takes secrets in refuses
  /// shorter ones (terminal_operator.hpp).
  static constexpr std::size_t shortest = 4;

  /// Takes the secret out of all texts from now on. False: it is too short, or empty, and stays in them.
  bool add(const steps::Secret& secret);

  /// The text with "<secret 'name'>" in place of every secret.
  std::string clean(std::string_view text) const;

  /// The same for a line of JSON: its strings are cleaned as what they say, so that it stays JSON and every escape
  /// stays whole. Keys and numbers stay. What is no JSON is cleaned as a text.
  std::string clean_json(std::string_view line) const;

  /// The failure with its message cleaned.
  steps::Failure clean(const steps::Failure& failure) const;

 private:
  struct Needle {
    std::string mark;
    std::vector<std::vector<std::string>> characters;  // of each, every way in which it may be written
  };

  void look_for(Needle needle);
  void add_text(const steps::Secret& secret);
  void add_base64(const steps::Secret& secret);
  std::size_t longest_match(std::string_view text, const Needle*& found) const;

  std::vector<Needle> needles_;
  std::vector<std::vector<std::size_t>> beginning_with_;  // needles by the bytes with which they may begin
};

}  // namespace rehearse::real
