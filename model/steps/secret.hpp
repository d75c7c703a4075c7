// A password, or a logon with one. Its text leaves this class only through reveal(), which a platform calls where it
// hands the secret to Windows; everything that prints, compares or journals sees the secret's name.
#pragma once

#include <string>
#include <utility>

namespace rehearse::steps {

class Secret {
 public:
  Secret() = default;  // no secret: virtual accounts need none
  Secret(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {}

  const std::string& name() const { return name_; }
  bool empty() const { return name_.empty(); }
  const std::string& reveal() const { return text_; }

  /// A secret is the same secret when it has the same name: a password changed since does not make another request of
  /// it.
  friend bool operator==(const Secret& a, const Secret& b) { return a.name_ == b.name_; }

 private:
  std::string name_;
  std::string text_;
};

/// "secret 'master account'", never the text.
std::string to_text(const Secret& secret);

}  // namespace rehearse::steps
