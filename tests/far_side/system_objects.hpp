// Objects of Windows that have a file of their own.
#pragma once

#include <string>

#include "tests/far_side/machine.hpp"

namespace far_side {

/// An empty System.Xml.XmlDocument.
Value xml_document(FarMachine& at);
/// A COM object of the update agent: Microsoft.Update.Session, Microsoft.Update.UpdateColl.
Value update_agent(FarMachine& at, const std::string& name);

}  // namespace far_side
