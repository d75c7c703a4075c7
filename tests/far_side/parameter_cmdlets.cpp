// Private properties of resources (W 8).
#include "tests/far_side/cluster_objects.hpp"

namespace far_side {
namespace {

Value parameter_object(FarMachine& at, const std::string& resource, const std::string& name,
                       const RegistryValue& value) {
  const bool number = value.kind == "DWord";
  return make_object("Microsoft.FailoverClusters.PowerShell.ClusterParameter",
                     {{"ClusterObject", resource_object(at, resource)},
                      {"Name", name},
                      {"IsReadOnly", false},
                      {"ParameterType", number ? "UInt32" : "String"},
                      {"Value", number ? Value(value.number) : Value(value.text)}});
}

Error no_parameter(const Call& call, const std::string& resource, const std::string& name) {
  Error error(
      "Parameter '" + name + "' does not exist on the cluster object '" + resource +
          "'.  If you are trying to update an existing parameter, please make sure the parameter name is specified "
          "correctly.  You can check for the current parameters by passing the .NET object received from the "
          "appropriate Get-Cluster* cmdlet to \"| Get-ClusterParameter\".  If you are trying to update a common "
          "property on the cluster object, you should set the property directly on the .NET object received by the "
          "appropriate Get-Cluster* cmdlet.",
      "ObjectNotFound",
      call.cmdlet + ",Microsoft.FailoverClusters.PowerShell." + call.cmdlet.substr(0, call.cmdlet.find('-')) +
          "ClusterParameterCommand");
  error.type = "Microsoft.FailoverClusters.PowerShell.ClusterCmdletException";
  return error;
}

Array get_parameter(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  const Names of = subjects(call, "", resource_type);
  if (of.empty()) throw Error("No cluster object was specified.", "InvalidArgument", "MissingArgument," + call.cmdlet);
  Array objects;
  for (const std::string& resource_name : of) {
    const ClusterResource& resource = find_resource(cluster, call, resource_name);
    for (const std::string& name : texts_of(call["Name"])) {
      const auto found = resource.parameters.find(name);
      if (found == resource.parameters.end()) throw no_parameter(call, resource_name, name);
      objects.push_back(parameter_object(at, resource_name, found->first, found->second));
    }
    if (call.has("Name")) continue;
    for (const auto& [name, value] : resource.parameters) {
      objects.push_back(parameter_object(at, resource_name, name, value));
    }
  }
  return objects;
}

Array set_parameter(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  const Names of = subjects(call, "", resource_type);
  if (of.empty()) throw Error("No cluster object was specified.", "InvalidArgument", "MissingArgument," + call.cmdlet);
  std::map<std::string, Value> wanted;
  if (call.has("Multiple")) {
    for (const auto& [name, value] : call["Multiple"].object()->members) wanted[name] = value;
  } else {
    wanted[call["Name"].text()] = call["Value"];
  }
  for (const std::string& resource_name : of) {
    ClusterResource& resource = find_resource(cluster, call, resource_name);
    for (const auto& [name, value] : wanted) {  // all or nothing
      if (resource.parameters.count(name) == 0 && !call["Create"].truth()) {
        throw no_parameter(call, resource_name, name);
      }
    }
    for (const auto& [name, value] : wanted) {
      RegistryValue& stored = resource.parameters[name];
      if (stored.kind == "DWord") {
        stored.number = value.whole();
      } else {
        stored.text = value.text();
      }
    }
  }
  return {};
}

}  // namespace

void add_parameter_cmdlets(Cmdlets& cmdlets) {
  cmdlets["Get-ClusterParameter"] = get_parameter;
  cmdlets["Set-ClusterParameter"] = set_parameter;
}

}  // namespace far_side
