#include "cli/design_files.hpp"

#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "cli/output_file.hpp"
#include "model/design_reader.hpp"
#include "model/whole_file.hpp"

namespace rehearse::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_design = 64UL * 1024 * 1024;

}  // namespace

DesignFiles::DesignFiles(std::string path, std::string folder)
    : path_(std::move(path)), folder_(std::move(folder)), staging_(path_ + ".part-" + std::to_string(getpid())) {}

DesignFiles::~DesignFiles() {
  std::error_code ignored;
  fs::remove_all(staging_, ignored);
}

bool DesignFiles::fail(const std::string& what) {
  problem_ = what;
  return false;
}

std::string DesignFiles::in_the_way() const {
  std::error_code ignored;
  const fs::path beside = fs::path(path_).parent_path() / folder_;
  if (fs::exists(fs::symlink_status(path_, ignored))) return path_;
  return fs::exists(fs::symlink_status(beside, ignored)) ? beside.string() : std::string();
}

bool DesignFiles::prepare(const std::string& design, const std::vector<std::pair<std::string, std::string>>& files) {
  std::error_code failed;
  fs::remove_all(staging_, failed);
  // Its own folder must be there: a slip of the pen makes none.
  if (!fs::create_directory(staging_, failed)) return fail("cannot write " + path_ + ": " + failed.message());
  const auto write = [&](const std::string& relative, const std::string& bytes) {
    const fs::path target = fs::path(staging_) / relative;
    fs::create_directories(target.parent_path(), failed);
    if (failed) return fail("cannot make the folder " + target.parent_path().string() + ": " + failed.message());
    OutputFile file(target.string());
    return file.write(bytes) || fail(file.problem());
  };
  for (const auto& [relative, bytes] : files) {
    if (!write(relative, bytes)) return false;
  }
  return write(fs::path(path_).filename().string(), design);
}

std::vector<model::Diagnostic> DesignFiles::read_back() const {
  std::string problem;
  const fs::path staged = fs::path(staging_) / fs::path(path_).filename();
  const auto text = model::read_whole_file(staged.string(), largest_design, problem);
  if (!text) return {{model::Severity::error, path_, {}, problem, ""}};
  return model::read_design(*text, path_, staging_).diagnostics;
}

bool DesignFiles::commit() {
  const fs::path target = path_;
  const fs::path beside = target.parent_path() / folder_;
  const fs::path staged_folder = fs::path(staging_) / folder_;
  const fs::path old_folder = fs::path(staging_) / "old";
  std::error_code failed, ignored;
  const bool had_folder = fs::exists(fs::symlink_status(beside, ignored));
  if (had_folder) fs::rename(beside, old_folder, failed);
  if (failed) return fail("cannot replace " + beside.string() + ": " + failed.message());
  const auto put_back = [&] {
    fs::rename(beside, fs::path(staging_) / "unused", ignored);
    if (had_folder) fs::rename(old_folder, beside, ignored);
  };
  if (fs::exists(staged_folder, ignored)) fs::rename(staged_folder, beside, failed);
  if (failed) {
    put_back();
    return fail("cannot write " + beside.string() + ": " + failed.message());
  }
  fs::rename(fs::path(staging_) / target.filename(), target, failed);
  if (!failed) return true;
  put_back();
  return fail("cannot write " + path_ + ": " + failed.message());
}

}  // namespace rehearse::cli
