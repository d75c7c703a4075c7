#include <fmt/format.h>

#include <stdexcept>

#include "model/steps/failure.hpp"
#include "real_backend/powershell/cluster_primitives.hpp"
#include "real_backend/powershell/cluster_script.hpp"
#include "real_backend/powershell/phrases.hpp"

namespace rehearse::real {

using namespace ps;
using steps::FailureCode;
namespace cluster = steps::cluster;
using Kind = model::Witness::Kind;

namespace {

Expression kind_text(Kind kind) {
  return literal(steps::to_text(kind));
}

/// A private property of the witness, spelled as in the design where it is the same.
Block path_from(const char* property, const model::Witness& designed) {
  Block block;
  block.let(
      "path",
      text_of(
          value_of(
              Command("Get-ClusterParameter").with("InputObject", variable("witness")).with("Name", literal(property)))
              .member("Value")));
  return block.append(spell("path", {designed.path}));
}

}  // namespace

// The kind is the type of the witness's resource: names of resource types are the same in every language of Windows. A
// file share witness knows its share as SharePath, a cloud witness its storage account as AccountName (assumed: the
// parameters of Set-ClusterQuorum are documented, those of the resources are not); a disk is named by its resource.
Primitive primitive(const cluster::Quorum&, const Surroundings& around) {
  const model::Witness& designed = around.design.cluster.witness;
  Block disk, share, cloud, unknown;
  disk.let("kind", kind_text(Kind::disk)).let("path", text_of(variable("witness").member("Name")));
  disk.append(spell("path", {designed.path}));
  share.let("kind", kind_text(Kind::file_share)).append(path_from("SharePath", designed));
  cloud.let("kind", kind_text(Kind::cloud)).append(path_from("AccountName", designed));
  unknown.fail(FailureCode::indeterminate,
               sentence({literal("The quorum resource is of a type that is no witness: "), variable("type")}));

  const Expression type = variable("type");
  Block of_witness;
  of_witness.let("type", text_of(variable("witness").member("ResourceType")));
  Block otherwise, not_disk;
  otherwise.when(same(type, literal("Cloud Witness")), cloud, unknown);
  not_disk.when(same(type, literal("File Share Witness")), share, otherwise);
  of_witness.when(same(type, literal("Physical Disk")), disk, not_disk);

  Block script;
  script.let("kind", kind_text(Kind::none)).let("path", literal(""));
  script.let("witness", value_of(Command("Get-ClusterQuorum")).member("QuorumResource"));
  script.when(not_null(variable("witness")), of_witness);
  return on_cluster(around, script.answer(list({variable("kind"), variable("path")})));
}

Primitive primitive(const cluster::SetQuorum& request, const Surroundings& around) {
  Command set("Set-ClusterQuorum");
  switch (request.kind) {
    case Kind::none: set.flag("NoWitness"); break;
    case Kind::disk: set.with("DiskWitness", literal(request.path)); break;
    case Kind::file_share: set.with("FileShareWitness", literal(request.path)); break;
    case Kind::cloud:
      refuse(fmt::format(
          "A cloud witness needs the access key of the storage account '{0}', which no design holds: on a "
          "node run Set-ClusterQuorum -CloudWitness -AccountName '{0}' -AccessKey with the key, then perform "
          "the step again",
          request.path));
  }
  return on_cluster(around, Block().run(set));
}

}  // namespace rehearse::real
