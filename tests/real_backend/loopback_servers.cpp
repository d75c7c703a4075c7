#include "tests/real_backend/loopback_servers.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <stdexcept>

#include "model/artefacts/held.hpp"
#include "tests/support/files.hpp"

namespace rehearse::real::loopback {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

/// A bound socket, and its port.
int bound_socket(int& port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(socket, reinterpret_cast<sockaddr*>(&address), size) != 0) throw std::runtime_error("no free port");
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  port = ntohs(address.sin_port);
  return socket;
}

bool accepts(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  const bool connected = ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return connected;
}

void wait_until_it_accepts(int port, const Process& process) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!accepts(port)) {
    if (!process.runs()) throw std::runtime_error("a server of the test has ended");
    if (std::chrono::steady_clock::now() > limit) throw std::runtime_error("a server of the test does not listen");
    ::poll(nullptr, 0, 20);
  }
}

/// Its path.
std::string write(const tests::TemporaryFolder& folder, const std::string& name, const std::string& text) {
  std::ofstream(folder.path(name), std::ios::binary) << text;
  return folder.path(name);
}

std::string nginx_configuration(const tests::TemporaryFolder& folder, int port, const TestCertificate& own,
                                const std::string& trusted, const std::string& listen) {
  write(folder, "own.pem", own.certificate_pem + own.key_pem);
  write(folder, "trusted.pem", trusted);
  const std::string here = folder.path("");
  std::string text = "daemon off; master_process off; pid " + here + "pid; error_log " + here + "error.log;\n" +
                     "events {}\nhttp {\n  access_log off;\n";
  for (const std::string kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
    text += "  " + kind + "_temp_path " + here + kind + ";\n";
  }
  text += "  server {\n    listen " + listen + ":" + std::to_string(port) + " ssl;\n    ssl_certificate " + here +
          "own.pem;\n    ssl_certificate_key " + here + "own.pem;\n";
  if (!trusted.empty()) text += "    ssl_client_certificate " + here + "trusted.pem;\n    ssl_verify_client on;\n";
  return write(folder, "nginx.conf", text + "    location / { return 405; }\n  }\n}\n");
}

std::vector<std::string> s_server_command(const tests::TemporaryFolder& folder, int port, const TestCertificate& own,
                                          const std::string& trusted, std::vector<std::string> options) {
  const std::string certificate = write(folder, "own.pem", own.certificate_pem + own.key_pem);
  const std::string roots = write(folder, "trusted.pem", trusted);
  std::vector<std::string> command = {"openssl", "s_server",  "-accept", "127.0.0.1:" + std::to_string(port),
                                      "-cert",   certificate, "-key",    certificate,
                                      "-www",    "-quiet"};
  if (!trusted.empty()) command.insert(command.end(), {"-CAfile", roots});
  command.insert(command.end(), options.begin(), options.end());
  return command;
}

/// Whatever comes is handled on the way: the client's answer to a late question.
void read_until_silent(SSL* tls, int socket) {
  ::fcntl(socket, F_SETFL, O_NONBLOCK);
  char ignored[4096];
  int patience = 5000;
  for (pollfd waits{socket, POLLIN, 0}; ::poll(&waits, 1, patience) > 0; patience = 100) {
    if (SSL_read(tls, ignored, sizeof ignored) > 0) continue;
    if (SSL_get_error(tls, -1) != SSL_ERROR_WANT_READ) break;
  }
  ::fcntl(socket, F_SETFL, 0);
}

}  // namespace

Process::Process(const std::vector<std::string>& command, const std::string& log) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  const int failed = ::posix_spawnp(&pid_, command.front().c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("cannot start " + command.front());
}

Process::~Process() {
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool Process::runs() const {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
}

Nginx::Nginx(const TestCertificate& own, const std::string& trusted, const std::string& listen)
    : port_(free_port()),
      process_(
          {"nginx", "-e", folder_.path("error.log"), "-c", nginx_configuration(folder_, port_, own, trusted, listen)},
          folder_.path("log")) {
  if (listen == "127.0.0.1") wait_until_it_accepts(port_, process_);
}

OpensslServer::OpensslServer(const TestCertificate& own, const std::string& trusted, std::vector<std::string> options)
    : port_(free_port()),
      process_(s_server_command(folder_, port_, own, trusted, std::move(options)), folder_.path("log")) {
  wait_until_it_accepts(port_, process_);
}

SocketServer::SocketServer(std::function<void(int socket)> serve) : listener_(bound_socket(port_)) {
  ::listen(listener_, 8);
  thread_ = std::thread([this, serve = std::move(serve)] {
    while (!ends_) {
      pollfd waits{listener_, POLLIN, 0};
      if (::poll(&waits, 1, 50) <= 0) continue;
      const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) continue;
      const timeval limit{10, 0};
      ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
      serve(socket);
      ::close(socket);
    }
  });
}

SocketServer::~SocketServer() {
  ends_ = true;
  thread_.join();
  ::close(listener_);
}

SocketServer http_sys_like(const TestCertificate& own, const std::string& trusted, int tls_version,
                           const std::string& if_trusted, const std::string& otherwise) {
  const auto serve = [=](int socket) {
    const Held<SSL_CTX, &SSL_CTX_free> context(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_set_min_proto_version(context.get(), tls_version);
    SSL_CTX_set_max_proto_version(context.get(), tls_version);
    // A resumed session would answer the late question with what it knows already.
    SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET | SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION);
    SSL_CTX_set_session_id_context(context.get(), reinterpret_cast<const unsigned char*>("test"), 4);
    const auto bio = [](const std::string& text) {
      return Held<BIO, &BIO_free_all>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    };
    const Held<X509, &X509_free> certificate(
        PEM_read_bio_X509(bio(own.certificate_pem).get(), nullptr, nullptr, nullptr));
    const Held<EVP_PKEY, &EVP_PKEY_free> key(
        PEM_read_bio_PrivateKey(bio(own.key_pem).get(), nullptr, nullptr, nullptr));
    SSL_CTX_use_certificate(context.get(), certificate.get());
    SSL_CTX_use_PrivateKey(context.get(), key.get());
    if (const Held<X509, &X509_free> root{PEM_read_bio_X509(bio(trusted).get(), nullptr, nullptr, nullptr)}) {
      X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), root.get());
    }
    const Held<SSL, &SSL_free> tls(SSL_new(context.get()));
    SSL_set_fd(tls.get(), socket);
    if (SSL_accept(tls.get()) != 1) return;
    char request[4096];
    if (SSL_read(tls.get(), request, sizeof request) <= 0) return;
    // The question must not end the handshake: http.sys accepts and refuses afterwards.
    SSL_set_verify(tls.get(), SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
    if (tls_version == TLS1_3_VERSION) {
      SSL_verify_client_post_handshake(tls.get());
    } else {
      SSL_renegotiate(tls.get());
    }
    SSL_do_handshake(tls.get());
    read_until_silent(tls.get(), socket);
    const Held<X509, &X509_free> shown(SSL_get1_peer_certificate(tls.get()));
    const bool welcome = shown && SSL_get_verify_result(tls.get()) == X509_V_OK;
    const std::string& answer = welcome ? if_trusted : otherwise;
    SSL_write(tls.get(), answer.data(), static_cast<int>(answer.size()));
    SSL_shutdown(tls.get());
    ERR_clear_error();
  };
  return SocketServer(serve);
}

FullQueue::FullQueue() : listener_(bound_socket(port_)) {
  ::listen(listener_, 0);
  // With its queue full the kernel drops what asks for a connection.
  const sockaddr_in address = loopback(port_);
  for (int i = 0; i < 4; ++i) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    waiting_.push_back(socket);
  }
}

FullQueue::~FullQueue() {
  for (const int socket : waiting_) ::close(socket);
  ::close(listener_);
}

}  // namespace rehearse::real::loopback
