// Validating a set of nodes, and knowing later that it was validated. Test-Cluster leaves a page to read and the same
// report as XML, under a name with the date, in folders that depend on the version of Windows (samples/validation). So
// the report without errors is copied to a name made from the set of nodes: that copy is what `Validated` looks for and
// reads again. It lies on the node that ran the tests, and goes when somebody clears the folder; then the tests are run
// once more.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "model/steps/failure.hpp"
#include "real_backend/digest.hpp"
#include "real_backend/powershell/cluster_primitives.hpp"
#include "real_backend/powershell/cluster_script.hpp"

namespace rehearse::real {

using namespace ps;
using steps::FailureCode;
namespace cluster = steps::cluster;

namespace {

constexpr Duration time_to_validate = std::chrono::hours(2);  // with the storage tests (assumed)

Expression windows_folder(const std::vector<std::string>& further) {
  Expression path = type_method("System.Environment", "GetFolderPath", {literal("Windows")});
  for (const std::string& part : further) path = type_method("System.IO.Path", "Combine", {path, literal(part)});
  return path;
}

/// The same for every order and spelling of the same nodes.
std::string name_of(std::vector<std::string> nodes) {
  for (std::string& node : nodes) {
    std::transform(node.begin(), node.end(), node.begin(), [](unsigned char c) { return std::tolower(c); });
  }
  std::sort(nodes.begin(), nodes.end());
  std::string set;
  for (const std::string& node : nodes) set += node + "\n";
  return fmt::format("Rehearse validation {}.xml", short_digest(set));
}

Expression mark_of(const std::vector<std::string>& nodes) {
  return windows_folder({"Cluster", "Reports", name_of(nodes)});
}

/// $findings: the errors that the report in the file tells of, as texts; $unread: what of it cannot be understood. A
/// report without errors has neither. Each test has a title and a result, a word in Windows' own language
/// (samples/validation); which words others than English have is not known (undocumented).
Block read_report(const Expression& file) {
  const Expression test = variable("test");
  const auto inner_text = [&](const char* path) {
    return test.method("SelectSingleNode", {literal(path)}).member("InnerText");
  };
  const std::vector<std::string> harmless = {"Success", "Warning", "Not Run", "Not Applicable"};
  const std::vector<std::string> errors = {"Failed", "Canceled", "Cancelled"};
  const auto add_to = [](const char* list) {
    return Block().let(list, binary(variable(list), Operator::plus, variable("finding")));
  };

  Block of_test;
  of_test.let("verdict", text_of(inner_text("Result/Value")).method("Trim"));
  of_test.let("finding",
              sentence({text_of(inner_text("Title/Value")).method("Trim"), literal(": "), variable("verdict")}));
  of_test.let("tests", binary(variable("tests"), Operator::plus, number(1)));
  of_test.when(binary(variable("verdict"), Operator::in, list_of(errors)), add_to("findings"));
  of_test.when(negate(either(binary(variable("verdict"), Operator::in, list_of(errors)),
                             binary(variable("verdict"), Operator::in, list_of(harmless)))),
               add_to("unread"));

  Block block;
  block.let("findings", list({})).let("unread", list({})).let("tests", number(0));
  block.let("report", new_object("System.Xml.XmlDocument"));
  block.run(variable("report").method("Load", {file}));
  block.for_each("test", variable("report").method("SelectNodes", {literal("//Channel[Result]")}), of_test);
  return block.when(same(variable("tests"), number(0)), Block().let("unread", list_of({"the report holds no test"})));
}

Expression has_some(const char* list) {
  return binary(variable(list).member("Count"), Operator::greater, number(0));
}

}  // namespace

Primitive primitive(const cluster::Validated& request, const Surroundings&) {
  // A file that was not copied whole is no report.
  Block read;
  read.append(read_report(variable("mark")));
  read.answer(negate(either(has_some("findings"), has_some("unread"))));

  Primitive primitive;
  primitive.where = Where::on_first_node;
  primitive.script.let("mark", mark_of(request.nodes));
  primitive.script.when(type_method("System.IO.File", "Exists", {variable("mark")}),
                        Block().attempt(read, Block().answer(flag(false))));
  primitive.script.answer(flag(false));
  return primitive;
}

Primitive primitive(const cluster::Validate& request, const Surroundings&) {
  const Expression file = variable("file");
  // The newest file that is a report; others in these folders are none of ours.
  Block load;
  load.let("candidate", new_object("System.Xml.XmlDocument"));
  load.run(variable("candidate").method("Load", {file.member("FullName")}));
  load.when(both(is_null(variable("found")),
                 not_null(variable("candidate").method("SelectSingleNode", {literal("/Report/Channel")}))),
            Block().let("found", file.member("FullName")));
  Block not_xml;
  not_xml.let("candidate", null());

  Block of_folder;
  const Expression recent = binary(item().member("LastWriteTimeUtc"), Operator::at_least, variable("began"));
  const Command listing =
      Command("Get-ChildItem").with("LiteralPath", variable("folder")).with("Filter", literal("*.xml"));
  const Expression newest_first =
      pipeline(listing, {Command("Where-Object").with("FilterScript", Block().emit(recent)),
                         Command("Sort-Object").with("Property", literal("LastWriteTimeUtc")).flag("Descending")});
  of_folder.for_each("file", list({newest_first}), Block().attempt(load, not_xml));

  const Expression folders = list({windows_folder({"Cluster", "Reports"}), windows_folder({"Temp"})});
  Block look;
  look.let("found", null());
  look.for_each("folder", folders,
                Block().when(type_method("System.IO.Directory", "Exists", {variable("folder")}), of_folder));

  Primitive primitive;
  primitive.where = Where::on_first_node;
  primitive.limit = limit_with(time_to_validate);
  Block& script = primitive.script;
  script.let(
      "service",
      value_of(
          Command("Get-Service").with("Name", literal("ClusSvc")).with("ErrorAction", literal("SilentlyContinue"))));
  script.when(
      is_null(variable("service")),
      Block().fail(FailureCode::refused,
                   sentence({literal("The Failover Clustering feature is not installed on "), machine_name()})));
  script.let("began", type_member("System.DateTime", "UtcNow"));
  script.let("page", value_of(Command("Test-Cluster").with("Node", list_of(request.nodes)).flag("Force")));
  script.append(look);
  script.when(is_null(variable("found")),
              Block().fail(FailureCode::refused,
                           sentence({literal("Validation has run, but its report in XML is not to be found; the "
                                             "page to read is "),
                                     variable("page").member("FullName")})));
  script.append(read_report(variable("found")));
  script.when(has_some("findings"),
              Block().fail(FailureCode::refused,
                           sentence({literal("Validation found errors: "),
                                     binary(variable("findings"), Operator::joined, literal("; ")),
                                     literal(". The page to read is "), variable("page").member("FullName")})));
  script.when(has_some("unread"),
              Block().fail(FailureCode::refused,
                           sentence({literal("Validation has run, but its report cannot be read (is Windows in another "
                                             "language than English?): "),
                                     binary(variable("unread"), Operator::joined, literal("; ")),
                                     literal(". Whether it found errors is not known; the page to read is "),
                                     variable("page").member("FullName")})));
  script.run(Command("Copy-Item")
                 .with("LiteralPath", variable("found"))
                 .with("Destination", mark_of(request.nodes))
                 .flag("Force"));
  return primitive;
}

}  // namespace rehearse::real
