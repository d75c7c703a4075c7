// The requests about the SSISDB catalog, each as a primitive: for the files that implement them, by subject, and for
// primitive_of(CatalogRequest), which gathers them. Views and procedures are those of S 1.8 and S 4.
#pragma once

#include "real_backend/powershell/primitives.hpp"

namespace rehearse::real {

// ---- catalog_primitives.cpp: SSISDB itself
Primitive primitive(const steps::catalog::Exists& request, const Surroundings& around);
Primitive primitive(const steps::catalog::Create& request, const Surroundings& around);
Primitive primitive(const steps::catalog::ScaleOutEnabled& request, const Surroundings& around);
Primitive primitive(const steps::catalog::EnableScaleOut& request, const Surroundings& around);
Primitive primitive(const steps::catalog::MasterAddress& request, const Surroundings& around);
Primitive primitive(const steps::catalog::UpdateMasterAddress& request, const Surroundings& around);
Primitive primitive(const steps::catalog::MasterLastOnline& request, const Surroundings& around);
Primitive primitive(const steps::catalog::WorkerEnabled& request, const Surroundings& around);
Primitive primitive(const steps::catalog::EnableWorker& request, const Surroundings& around);
Primitive primitive(const steps::catalog::WorkerLastOnline& request, const Surroundings& around);
// ---- instance_primitives.cpp: what the catalog needs of its instance
Primitive primitive(const steps::catalog::LogLoginEnabled& request, const Surroundings& around);
Primitive primitive(const steps::catalog::EnableLogLogin& request, const Surroundings& around);
Primitive primitive(const steps::catalog::StartupProcedureSet& request, const Surroundings& around);
Primitive primitive(const steps::catalog::SetStartupProcedure& request, const Surroundings& around);
Primitive primitive(const steps::catalog::IsAdmin& request, const Surroundings& around);
Primitive primitive(const steps::catalog::AddAdmin& request, const Surroundings& around);

/// A script for the node that owns the instance, which it begins by asking; `body` finds the connection open on master.
Primitive on_instance(const Surroundings& around, const ps::Block& body);
/// The same with the connection in SSISDB.
Primitive in_catalog(const Surroundings& around, const ps::Block& body);

}  // namespace rehearse::real
