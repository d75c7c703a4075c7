// Certificates, stores and private keys as .NET has them.
#include <algorithm>

#include "tests/far_side/certificates.hpp"
#include "tests/far_side/files.hpp"

namespace far_side {
namespace {

const std::string space = "System.Security.Cryptography.X509Certificates.";

Error crypto_error(const std::string& message, std::int64_t hresult) {
  return net_error("System.Security.Cryptography.CryptographicException", message, hresult);
}

bool has_word(const Value& flags, const std::string& word) {
  return (", " + flags.text() + ",").find(", " + word + ",") != std::string::npos;
}

/// new(bytes), new(bytes, password), new(bytes, password, flags); bytes may be a file's name.
Value new_certificate(FarMachine& at, const Array& arguments) {
  const Value& given = arguments.at(0);
  const std::string bytes = given.collection() != nullptr ? raw_bytes(given) : read_file(at, given.text());
  if (arguments.size() == 1) {
    if (const auto der = read_certificate(bytes)) return held_object(at, {*der, "", "", false});
  }
  const Value password = arguments.size() > 1 ? arguments[1] : Value();
  const bool secure = password.object() != nullptr && password.object()->type == "System.Security.SecureString";
  const auto content = read_pkcs12(bytes, secure ? secure_text(password) : password.text());
  if (!content) {
    if (const auto der = read_certificate(bytes)) return held_object(at, {*der, "", "", false});
    throw bytes.rfind("0", 0) == 0 ? crypto_error("The specified network password is not correct.", -2147024810)
                                   : crypto_error("Cannot find the requested object.", -2146885623);
  }
  HeldCertificate held{content->der, content->key, "", false};
  const Value flags = arguments.size() > 2 ? arguments[2] : Value("DefaultKeySet");
  held.exportable = has_word(flags, "Exportable");
  // A machine's key that shall persist goes to a file in the moment in which it is read.
  const bool persists = has_word(flags, "MachineKeySet") && has_word(flags, "PersistKeySet");
  if (!held.key.empty() && persists) held.key_file = keep_key(at, held.key, false);
  return held_object(at, held);
}

struct Store {
  std::string name;
  bool open = false, writes = false;
};

Value content_of(FarMachine& at, const std::string& store) {
  Array items;
  for (const StoredCertificate& one : *find_store(at, store)) items.push_back(certificate_object(at, store, one));
  auto collection = make_object(space + "X509Certificate2Collection", {});
  collection->elements = std::make_shared<Array>(items);
  return collection;
}

void require_writing(const Store& store) {
  if (!store.open) throw crypto_error("The X509 certificate store has not been opened.", -2146233296);
  if (!store.writes) throw crypto_error("Access is denied.", -2147024891);
}

Value store_method(FarMachine& at, Store& store, const std::string& method, const Array& arguments) {
  const auto is = [&](const char* name) { return same_text(method, name); };
  if (is("Open")) {
    if (find_store(at, store.name) == nullptr) {
      throw crypto_error("The system cannot find the file specified.", -2147024894);
    }
    store.open = true;
    store.writes = has_word(arguments.at(0), "ReadWrite") || has_word(arguments.at(0), "MaxAllowed");
  } else if (is("Add")) {
    require_writing(store);
    const HeldCertificate held = held_in(arguments.at(0));
    if (!held.key.empty() && held.key_file.empty()) {
      gap("a certificate whose key is in memory only in a store of the machine: the key is lost on Windows");
    }
    add_to_store(at, store.name, held);
  } else if (is("Remove")) {
    require_writing(store);
    // The private key stays where it is.
    remove_certificate(at, {store.name, arguments.at(0).member("Thumbprint").text()}, false);
  } else if (is("Close") || is("Dispose")) {
    store.open = false;
  } else {
    gap("the method " + method + " of X509Store");
  }
  return Value::nothing();
}

Value new_store(FarMachine& at, const Array& arguments) {
  const std::string location = arguments.size() > 1 ? arguments[1].text() : "CurrentUser";
  if (!same_text(location, "LocalMachine")) gap("a certificate store of " + location);
  auto store = std::make_shared<Store>();
  store->name = arguments.at(0).text();
  auto object = make_object(space + "X509Store", {{"Name", store->name}});
  object->live = [&at, store](const std::string& member) -> std::optional<Value> {
    if (!same_text(member, "Certificates")) return std::nullopt;
    if (!store->open) return Value(Array());
    return content_of(at, store->name);
  };
  object->call = [&at, store](const std::string& method, const Array& arguments_of_call) {
    return store_method(at, *store, method, arguments_of_call);
  };
  return object;
}

/// RSACng has Key.UniqueName, RSACryptoServiceProvider has CspKeyContainerInfo.
Value private_key(FarMachine&, const std::string& method, const Array& arguments) {
  if (!same_text(method, "GetRSAPrivateKey")) gap("the method " + method + " of RSACertificateExtensions");
  const HeldCertificate held = held_in(arguments.at(0));
  if (held.key.empty()) return {};
  const std::string name = leaf_of(held.key_file);
  if (held.key_file.find("\\Crypto\\Keys\\") != std::string::npos) {
    return make_object("System.Security.Cryptography.RSACng",
                       {{"Key", make_object("System.Security.Cryptography.CngKey", {{"UniqueName", name}})}});
  }
  return make_object(
      "System.Security.Cryptography.RSACryptoServiceProvider",
      {{"CspKeyContainerInfo", make_object("System.Security.Cryptography.CspKeyContainerInfo",
                                           {{"UniqueKeyContainerName", name}, {"MachineKeyStore", true}})}});
}

}  // namespace

void add_certificate_types(NetTypes& types) {
  types[space + "X509Certificate2"].construct = new_certificate;
  types[space + "X509Store"].construct = new_store;
  types[space + "RSACertificateExtensions"].method = private_key;
  const auto names = [&](const std::string& type) {
    types[space + type].member = [type](FarMachine&, const std::string& name) {
      return enumeration(space + type, name, 0);
    };
  };
  for (const char* type : {"StoreName", "StoreLocation", "OpenFlags", "X509ContentType", "X509KeyStorageFlags"}) {
    names(type);
  }
}

}  // namespace far_side
