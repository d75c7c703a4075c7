#include "real_backend/powershell/catalog_primitives.hpp"

#include <fmt/format.h>

#include "model/steps/failure.hpp"
#include "real_backend/powershell/cluster_script.hpp"
#include "real_backend/powershell/second_hop.hpp"
#include "real_backend/powershell/sql_script.hpp"

namespace rehearse::real {

using namespace ps;
using steps::FailureCode;
namespace catalog = steps::catalog;

namespace {

constexpr Duration time_to_create = std::chrono::minutes(15);  // restoring SSISDB's backup and filling it (assumed)
const std::string management = "Microsoft.SqlServer.Management.IntegrationServices";

/// $marks: how many of the things that every catalog has are there, of as many as `marks_of_a_whole_catalog`.
constexpr std::int64_t marks_of_a_whole_catalog = 2;
Block count_marks() {
  const Expression one_more = binary(variable("marks"), Operator::plus, number(1));
  Block block;
  block.let("marks", number(0));
  block.append(select("key", "SELECT name FROM SSISDB.sys.symmetric_keys WHERE name = @name",
                      {{"@name", literal("##MS_DatabaseMasterKey##")}}));
  block.when(not_null(variable("key")), Block().let("marks", one_more));
  block.append(select("procedure", "SELECT OBJECT_ID(@name)", {{"@name", literal("master.dbo.sp_ssis_startup")}}));
  return block.when(not_null(variable("procedure")), Block().let("marks", one_more));
}

/// $id: the agent of the worker's machine; of several, which a second installation leaves, the one heard of last.
Block find_agent(const std::string& worker) {
  return select("id",
                "SELECT TOP (1) WorkerAgentId FROM catalog.worker_agents WHERE MachineName = @machine "
                "ORDER BY LastOnlineTime DESC",
                {{"@machine", literal(worker)}});
}

Block select_master_property(const char* property) {
  return select("value", "SELECT property_value FROM catalog.master_properties WHERE property_name = @name",
                {{"@name", literal(property)}});
}

}  // namespace

Primitive on_instance(const Surroundings& around, const Block& body) {
  Primitive primitive;
  primitive.where = Where::on_sql_owner;
  primitive.script = owns_instance(around.design);
  primitive.script.append(with_connection(data_source(around.design.fci), body));
  return primitive;
}

Primitive in_catalog(const Surroundings& around, const Block& body) {
  return on_instance(around, use_catalog().append(body));
}

// ------------------------------------------------------------------------------------------------ the catalog itself

// What an interrupted creation left is a database and no catalog; to ask again would answer yes for ever. While it is
// recovered nobody can look inside.
Primitive primitive(const catalog::Exists&, const Surroundings& around) {
  Block look = count_marks();
  look.when(binary(variable("marks"), Operator::less, number(marks_of_a_whole_catalog)),
            Block().fail(FailureCode::conflict,
                         literal("There is a database SSISDB that is no whole catalog: its creation was "
                                 "interrupted. Drop it, then perform the step again")));
  Block body = look_at_database("SSISDB");
  body.when(is_null(variable("database")), Block().answer(flag(false)));
  body.when(same(variable("database"), literal("ONLINE")), look);
  return on_instance(around, body.answer(flag(true)));
}

// The documented way is the managed API, which comes with Integration Services and with Management Studio and runs in
// Windows PowerShell; it needs CLR on the instance, and SSISDBBackup.bak in DTS\Binn on its node (documentation:
// "Create the SSIS Catalog").
Primitive primitive(const catalog::Create& request, const Surroundings& around) {
  Block body = look_at_database("SSISDB");
  body.when(not_null(variable("database")),
            Block().fail(FailureCode::conflict, literal("Database 'SSISDB' already exists")));
  body.let("assembly", type_method("System.Reflection.Assembly", "LoadWithPartialName", {literal(management)}));
  body.when(
      is_null(variable("assembly")),
      Block().fail(FailureCode::refused, sentence({literal("The assembly " + management + " is not on "),
                                                   machine_name(), literal(": install Integration Services there")})));
  body.append(execute(literal("EXEC sp_configure @configname = 'clr enabled', @configvalue = 1")));
  body.append(execute(literal("RECONFIGURE")));
  body.let("services", new_object(management + ".IntegrationServices", {variable("connection")}));
  body.let("catalog",
           new_object(management + ".Catalog", {variable("services"), literal("SSISDB"), secret(request.password)}));
  body.run(variable("catalog").method("Create"));
  Primitive primitive = on_instance(around, body);
  primitive.limit = time_to_create;
  return primitive;
}

// The view shows the property once Scale Out was enabled (documentation of catalog.catalog_properties). The procedure
// writes it last.
Primitive primitive(const catalog::ScaleOutEnabled&, const Surroundings& around) {
  Block body = select("value", "SELECT property_value FROM catalog.catalog_properties WHERE property_name = @name",
                      {{"@name", literal("IS_SCALEOUT_ENABLED")}});
  return in_catalog(around, body.answer(is(variable("value"), "True")));
}

Primitive primitive(const catalog::EnableScaleOut&, const Surroundings& around) {
  return in_catalog(around, execute(literal("EXEC catalog.enable_scaleout")));
}

// ------------------------------------------------------------------------------------------------ master and workers

Primitive primitive(const catalog::MasterAddress&, const Surroundings& around) {
  return in_catalog(around, select_master_property("MASTER_ADDRESS").answer(text_of(variable("value"))));
}

Primitive primitive(const catalog::UpdateMasterAddress& request, const Surroundings& around) {
  return in_catalog(around, execute(literal("EXEC catalog.update_master_address @MasterAddress = @url"),
                                    {{"@url", literal(request.url)}}));
}

// The property is a text. SQL Server reads it; one without an offset is taken for UTC (undocumented).
Primitive primitive(const catalog::MasterLastOnline&, const Surroundings& around) {
  Block body = select_master_property("LAST_ONLINE_TIME");
  body.when(is(variable("value"), ""), Block().answer(null()));
  body.append(select("time", "SELECT CONVERT(nvarchar(40), SWITCHOFFSET(TRY_CONVERT(datetimeoffset, @value), 0), 127)",
                     {{"@value", variable("value")}}));
  body.when(is_null(variable("time")),
            Block().fail(FailureCode::indeterminate,
                         sentence({literal("LAST_ONLINE_TIME is no time: "), variable("value")})));
  return in_catalog(around, body.answer(text_of(variable("time"))));
}

Primitive primitive(const catalog::WorkerEnabled& request, const Surroundings& around) {
  Block body = select("enabled",
                      "SELECT TOP (1) CONVERT(int, IsEnabled) FROM catalog.worker_agents WHERE MachineName = @machine "
                      "ORDER BY LastOnlineTime DESC",
                      {{"@machine", literal(request.worker)}});
  return in_catalog(around, body.answer(same(variable("enabled"), number(1))));
}

Primitive primitive(const catalog::EnableWorker& request, const Surroundings& around) {
  Block body = find_agent(request.worker);
  body.when(is_null(variable("id")),
            Block().fail(FailureCode::not_found,
                         literal(fmt::format("27243: no worker agent {} has registered", request.worker))));
  body.append(execute(literal("EXEC catalog.enable_worker_agent @WorkerAgentId = @id"), {{"@id", variable("id")}}));
  return in_catalog(around, body);
}

Primitive primitive(const catalog::WorkerLastOnline& request, const Surroundings& around) {
  Block body = select("time",
                      "SELECT TOP (1) CONVERT(nvarchar(40), SWITCHOFFSET(LastOnlineTime, 0), 127) "
                      "FROM catalog.worker_agents WHERE MachineName = @machine ORDER BY LastOnlineTime DESC",
                      {{"@machine", literal(request.worker)}});
  body.when(is_null(variable("time")), Block().answer(null()));
  return in_catalog(around, body.answer(text_of(variable("time"))));
}

// ------------------------------------------------------------------------------------------------ all of them

Primitive primitive_of(const steps::CatalogRequest& request, const Surroundings& around) {
  Primitive result = std::visit([&](const auto& one) { return primitive(one, around); }, request);
  result.second_hop = needs_second_hop(request).has_value();
  return result;
}

}  // namespace rehearse::real
