// Validation of a set of nodes (samples/validation).
#include <date/date.h>

#include <algorithm>

#include "tests/far_side/cluster_objects.hpp"
#include "tests/far_side/cluster_state.hpp"
#include "tests/far_side/files.hpp"

namespace far_side {
namespace {

std::string cdata(const std::string& text) {
  return "<![CDATA[" + text + "]]>";
}

/// The words of a German Windows are from general knowledge; that they are others than the English ones is what counts.
void into_german(std::vector<std::pair<std::string, std::string>>& tests) {
  const std::map<std::string, std::string> words = {
      {"Success", "Erfolgreich"}, {"Warning", "Warnung"}, {"Failed", "Fehler"}};
  for (auto& [title, result] : tests) result = words.at(result);
}

std::string report_of(const std::vector<std::pair<std::string, std::string>>& tests) {
  std::string xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<Report><Channel>";
  xml +=
      "<Channel Type=\"Summary\" id=\"1\"><ChannelName>" + cdata("System Configuration") + "</ChannelName></Channel>";
  for (const auto& [title, result] : tests) {
    xml += "<Channel><SummaryChannel><Value>" + cdata("1") + "</Value></SummaryChannel><Title><Value>" + cdata(title) +
           "</Value></Title><Result><Value>" + cdata(result) + "</Value></Result><Message>" + cdata(title) +
           "</Message></Channel>";
  }
  return xml + "</Channel></Report>";
}

/// Test-Cluster leaves a page in Cluster\Reports and the same as XML in Windows\Temp (samples/validation), with the
/// results of real tests: whether the nodes answer, are of the domain, have the feature, and see the same network.
Array test_cluster(FarMachine& at, const Call& call) {
  Names nodes = reachable_nodes(at, call, texts_of(call["Node"]));
  if (!call.has("Node") && is_member(at.world, at.name)) {
    nodes.clear();
    for (const auto& [name, node] : at.world.cluster->nodes) nodes.push_back(name);
  }
  at.wait(std::chrono::minutes(2) * static_cast<int>(nodes.size()));
  std::vector<std::pair<std::string, std::string>> tests = {{"Validate Active Directory Configuration", "Success"},
                                                            {"Validate IP Configuration", "Success"},
                                                            {"Validate Windows Firewall Configuration", "Success"},
                                                            {"List Disks", "Success"},
                                                            {"Validate Quorum Configuration", "Warning"}};
  Names addresses;
  for (const std::string& node : nodes) {
    const std::string& address = machine_of(at.world, node).address;
    if (std::count(addresses.begin(), addresses.end(), address) != 0) tests[1].second = "Failed";
    addresses.push_back(address);
    // An update level that differs, or waits for a restart, is an error of the software update tests.
    if (machine_of(at.world, node).restart_pending) tests.emplace_back("Validate Software Update Levels", "Failed");
  }
  if (at.world.speaks_german) into_german(tests);
  const std::string stamp =
      date::format("%Y.%m.%d At %H.%M.%S", std::chrono::floor<std::chrono::seconds>(at.world.now));
  const std::string page = "C:\\Windows\\Cluster\\Reports\\Validation Report " + stamp + ".htm";
  for (const char* folder : {"C:\\Windows\\Cluster", "C:\\Windows\\Cluster\\Reports"}) make_folder(at, folder);
  write_file(at, page, "<html></html>");
  write_file(at, "C:\\Windows\\Temp\\Validation Report " + stamp + ".xml", report_of(tests));
  return {file_object(at, page)};
}

}  // namespace

void add_validation_cmdlets(Cmdlets& cmdlets) {
  cmdlets["Test-Cluster"] = test_cluster;
}

}  // namespace far_side
