// Servers on 127.0.0.1 that live as long as their object: nginx with client certificates (the nearest stand-in for
// http.sys that runs here), openssl s_server, a server that asks for the certificate only after the request, as
// http.sys does, and a few that behave badly.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "tests/real_backend/free_port.hpp"
#include "tests/real_backend/test_certificates.hpp"
#include "tests/support/files.hpp"

namespace rehearse::real::loopback {

/// A program that is ended with its object.
class Process {
 public:
  Process(const std::vector<std::string>& command, const std::string& log);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  bool runs() const;

 private:
  int pid_ = -1;
};

/// nginx in front of nothing: it answers 405 to whom it lets in.
class Nginx {
 public:
  /// `trusted`: PEM, the clients' certificates that it accepts; empty: it asks for none.
  Nginx(const TestCertificate& own, const std::string& trusted, const std::string& listen = "127.0.0.1");
  int port() const { return port_; }

 private:
  tests::TemporaryFolder folder_;
  int port_;
  Process process_;
};

class OpensslServer {
 public:
  /// `options`: beside certificate and port, for example {"-tls1_2", "-Verify", "1"}; `trusted` as for nginx.
  OpensslServer(const TestCertificate& own, const std::string& trusted, std::vector<std::string> options);
  int port() const { return port_; }

 private:
  tests::TemporaryFolder folder_;
  int port_;
  Process process_;
};

/// Accepts connections and hands each to `serve`, one after the other, on a thread of its own.
class SocketServer {
 public:
  explicit SocketServer(std::function<void(int socket)> serve);
  ~SocketServer();
  int port() const { return port_; }

 private:
  int port_ = 0, listener_;
  std::atomic<bool> ends_ = false;
  std::thread thread_;
};

/// Handshakes without asking for a certificate, reads the request, asks then (post-handshake authentication in TLS 1.3,
/// renegotiation in TLS 1.2), and answers `if_trusted` or `otherwise`.
SocketServer http_sys_like(const TestCertificate& own, const std::string& trusted, int tls_version,
                           const std::string& if_trusted, const std::string& otherwise);

/// A port of 127.0.0.1 at which connections are neither accepted nor refused.
class FullQueue {
 public:
  FullQueue();
  ~FullQueue();
  int port() const { return port_; }

 private:
  int port_ = 0, listener_;
  std::vector<int> waiting_;
};

}  // namespace rehearse::real::loopback
