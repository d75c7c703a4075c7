// What can be asked of the person, or the automation, on whose behalf steps are performed.
#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "model/steps/request.hpp"

namespace rehearse::steps::ask {

struct Question {
  std::string text;
  explicit Question(std::string the_text) : text(std::move(the_text)) {}
  auto fields() const { return std::tie(text); }
  friend bool operator==(const Question&, const Question&) = default;
};

/// Answers a flag: may it be done?
struct Confirm : Query<Question> {
  using Query::Query;
  static constexpr std::string_view name = "Confirm";
};

struct NameOfSecret {
  std::string secret;
  explicit NameOfSecret(std::string the_secret) : secret(std::move(the_secret)) {}
  auto fields() const { return std::tie(secret); }
  friend bool operator==(const NameOfSecret&, const NameOfSecret&) = default;
};

/// Answers the secret of that name; not_found where nobody knows it.
struct ReadSecret : Query<NameOfSecret> {
  using Query::Query;
  static constexpr std::string_view name = "ReadSecret";
};

}  // namespace rehearse::steps::ask
