#include "model/steps/call_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>
#include <type_traits>
#include <utility>

#include "model/steps/field_json.hpp"
#include "model/steps/port_names.hpp"

namespace rehearse::steps {
namespace {

using model::Need;
using model::Object;
using model::Shape;
using model::Value;

std::string on_one_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// ---- requests: every one is made of its fields, in their order

// By the types of the fields, which many requests have in common.
template <class... Field>
void write_fields(const std::tuple<const Field&...>& fields, Json& with) {
  std::apply([&](const Field&... field) { (with.push_back(json_of(field)), ...); }, fields);
}

template <class... Field, std::size_t... I>
std::optional<std::tuple<Field...>> read_fields(const Value& with, std::type_identity<std::tuple<const Field&...>>,
                                                std::index_sequence<I...>) {
  const auto elements = with.elements(sizeof...(Field), sizeof...(Field));
  if (!elements) return std::nullopt;
  std::tuple<std::optional<Field>...> fields;
  (read_field((*elements)[I], std::get<I>(fields)), ...);
  if (!(std::get<I>(fields).has_value() && ...)) return std::nullopt;
  return std::tuple<Field...>(std::move(*std::get<I>(fields))...);
}

template <class Port, class Request>
std::optional<AnyRequest> read_as(const Value& with) {
  using Fields = decltype(std::declval<const Request&>().fields());
  auto fields = read_fields(with, std::type_identity<Fields>(), std::make_index_sequence<std::tuple_size_v<Fields>>());
  if (!fields) return std::nullopt;
  return std::optional<AnyRequest>(std::in_place, std::in_place_type<Port>,
                                   std::make_from_tuple<Request>(std::move(*fields)));
}

struct KnownRequest {
  std::string_view port, primitive;
  std::optional<AnyRequest> (*read)(const Value& with);
};

template <class... Request>
void add_requests(std::string_view port, std::type_identity<std::variant<Request...>>,
                  std::vector<KnownRequest>& known) {
  (known.push_back({port, Request::name, &read_as<std::variant<Request...>, Request>}), ...);
}

template <class... Port>
std::vector<KnownRequest> all_requests(std::type_identity<std::variant<Port...>>) {
  std::vector<KnownRequest> known;
  std::size_t index = 0;
  (add_requests(port_names[index++], std::type_identity<Port>(), known), ...);
  return known;
}

struct RequestTable {
  std::vector<KnownRequest> known = all_requests(std::type_identity<AnyRequest>());
  std::vector<std::string> names = names_of(known);
  model::Choices<const KnownRequest*> choices = choices_of(names, known);

  static std::vector<std::string> names_of(const std::vector<KnownRequest>& known) {
    std::vector<std::string> names;
    for (const KnownRequest& request : known) {
      names.push_back(std::string(request.port) + "." + std::string(request.primitive));
    }
    return names;
  }
  static model::Choices<const KnownRequest*> choices_of(const std::vector<std::string>& names,
                                                        const std::vector<KnownRequest>& known) {
    model::Choices<const KnownRequest*> choices;
    for (std::size_t i = 0; i < known.size(); ++i) choices.emplace_back(names[i], &known[i]);
    return choices;
  }
};

// ---- answers

struct AnswerJson {
  Json operator()(std::monostate) const { return nullptr; }
  Json operator()(Date date) const { return {{"date", json_of(date)}}; }
  Json operator()(const model::MasterSettings& settings) const { return {{"master_settings", json_of(settings)}}; }
  Json operator()(const model::WorkerSettings& settings) const { return {{"worker_settings", json_of(settings)}}; }
  Json operator()(const std::vector<CertificateInfo>& list) const { return {{"certificates", json_of(list)}}; }
  template <class Plain>
  Json operator()(const Plain& value) const {
    return json_of(value);
  }
};

template <class T>
std::optional<Answer> answer_from(const Value& value) {
  std::optional<T> read;
  read_field(value, read);
  if (!read) return std::nullopt;
  return Answer(std::move(*read));
}

std::optional<Answer> tagged_answer(const Value& value) {
  static const Shape shape{"answer",
                           {{"date"}, {"master_settings"}, {"worker_settings"}, {"certificates"}, {"secret"}}};
  const std::optional<Object> object = value.object(shape);
  if (!object) return std::nullopt;
  if (value.node().members.size() != 1) {
    value.error("an answer that is an object has one key",
                "write one of 'date', 'master_settings', 'worker_settings', "
                "'certificates' and 'secret'");
    return std::nullopt;
  }
  if (const auto date = object->find("date")) return answer_from<Date>(*date);
  if (const auto settings = object->find("master_settings")) return answer_from<model::MasterSettings>(*settings);
  if (const auto settings = object->find("worker_settings")) return answer_from<model::WorkerSettings>(*settings);
  if (const auto list = object->find("certificates")) return answer_from<std::vector<CertificateInfo>>(*list);
  if (object->has("secret")) return answer_from<Secret>(value);
  return std::nullopt;  // the key was unknown, and that was told
}

/// A text that may be absent; `complete` becomes false when it is there and wrong.
std::string text_or_nothing(const Object& object, std::string_view key, bool& complete) {
  const auto value = object.find(key);
  if (!value) return {};
  std::optional<std::string> text;
  read_field(*value, text);
  complete = complete && text.has_value();
  return text.value_or(std::string());
}

}  // namespace

std::string request_json(const AnyRequest& request) {
  Json with = Json::array();
  std::visit(
      [&](const auto& of_port) { std::visit([&](const auto& one) { write_fields(one.fields(), with); }, of_port); },
      request);
  return on_one_line({{"call", name_of(request)}, {"with", std::move(with)}});
}

std::string answer_json(const Answer& answer) {
  return on_one_line(std::visit(AnswerJson{}, answer.value()));
}

std::string failure_json(const Failure& failure) {
  Json json = {{"code", json_of(failure.code())}, {"message", failure.message()}};
  const auto add = [&](const char* key, const std::string& text) {
    if (!text.empty()) json[key] = text;
  };
  add("step", failure.step());
  add("primitive", failure.primitive());
  add("node", failure.node());
  return on_one_line(json);
}

std::optional<AnyRequest> read_request(const Object& object) {
  const auto call = object.find("call");
  const auto with = object.find("with");
  if (!call || !with) return std::nullopt;
  static const RequestTable requests;
  const auto known = call->one_of(requests.choices);
  return known ? (*known)->read(*with) : std::nullopt;
}

std::optional<AnyRequest> read_request(const Value& value) {
  static const Shape shape{"request", {{"call", Need::required}, {"with", Need::required}}};
  const std::optional<Object> object = value.object(shape);
  return object ? read_request(*object) : std::nullopt;
}

std::optional<Answer> read_answer(const Value& value) {
  using Kind = model::JsonNode::Kind;
  switch (value.node().kind) {
    case Kind::null: return Answer();
    case Kind::boolean: return answer_from<bool>(value);
    case Kind::whole:
    case Kind::real: return answer_from<std::int64_t>(value);
    case Kind::text: return answer_from<std::string>(value);
    case Kind::array: return answer_from<std::vector<std::string>>(value);
    case Kind::object: return tagged_answer(value);
  }
  throw std::logic_error("a JSON node of no kind");
}

std::optional<Failure> read_failure(const Value& value) {
  static const Shape shape{"failure",
                           {{"code", Need::required}, {"message", Need::required}, {"step"}, {"primitive"}, {"node"}}};
  const std::optional<Object> object = value.object(shape);
  if (!object || !object->has("code") || !object->has("message")) return std::nullopt;
  bool complete = true;
  std::optional<FailureCode> code;
  read_field(*object->find("code"), code);
  std::string message = text_or_nothing(*object, "message", complete);
  std::string primitive = text_or_nothing(*object, "primitive", complete);
  std::string node = text_or_nothing(*object, "node", complete);
  const std::string step = text_or_nothing(*object, "step", complete);
  if (!complete || !code) return std::nullopt;
  Failure failure(*code, std::move(message), std::move(primitive), std::move(node));
  failure.attach_step(step);
  return failure;
}

}  // namespace rehearse::steps
