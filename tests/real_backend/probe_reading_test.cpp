// What comes over the network, read without one: answers of HTTP and of SQL Server, addresses, redirections.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "real_backend/probe/http_answer.hpp"
#include "real_backend/probe/http_meaning.hpp"
#include "real_backend/probe/network_address.hpp"
#include "real_backend/probe/tds_prelogin.hpp"

namespace rehearse::real {
namespace {

using testing::HasSubstr;

const std::string refusal =
    "HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\nServer: Microsoft-HTTPAPI/2.0\r\n"
    "Date: Mon, 01 Mar 2027 00:30:00 GMT\r\nConnection: close\r\n\r\nabcde";

/// A PRELOGIN answer, laid out by MS-TDS 2.2.6.5: version 15.0.4316, encryption off, instance 0.
std::string prelogin_answer() {
  const unsigned char bytes[] = {4,  1, 0,    32,   0, 0, 1, 0,                               // header
                                 0,  0, 16,   0,    6, 1, 0, 22, 0, 1, 2, 0, 23, 0, 1, 0xFF,  // options
                                 15, 0, 0x10, 0xDC, 0, 0, 0, 0};                              // data
  return {reinterpret_cast<const char*>(bytes), sizeof bytes};
}

TEST(HttpAnswers, status_server_clock_and_text_are_read) {
  const auto answer = read_http_answer(refusal);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 403);
  EXPECT_EQ(answer->server, "Microsoft-HTTPAPI/2.0");
  EXPECT_EQ(model::to_text(answer->date.value()), "2027-03-01T00:30:00Z");
  EXPECT_EQ(answer->text, "abcde");
  EXPECT_TRUE(answer->complete);
  EXPECT_FALSE(from_another_server(*answer));
}

TEST(HttpAnswers, a_head_that_is_not_complete_is_no_answer_yet_and_a_body_may_be_short) {
  const std::size_t head = refusal.find("abcde");
  for (std::size_t size = 0; size < head; ++size) EXPECT_FALSE(read_http_answer(refusal.substr(0, size))) << size;
  EXPECT_FALSE(read_http_answer(refusal.substr(0, head))->complete);
}

TEST(HttpAnswers, what_is_no_http_is_no_answer) {
  for (const std::string bytes : {"", "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 abc no\r\n\r\n",
                                  "HTTP/1.1 099 no\r\n\r\n", "HTTP/2 200 ok\r\n\r\n"}) {
    EXPECT_FALSE(read_http_answer(bytes)) << bytes;
  }
}

TEST(HttpAnswers, a_server_s_name_cannot_write_to_the_terminal) {
  const auto answer = read_http_answer("HTTP/1.0 200 ok\r\nServer: a\x1b[2Jb\r\n\r\n");
  EXPECT_EQ(answer.value().server, "a?[2Jb");
}

TEST(HttpAnswers, dates_that_do_not_exist_are_no_dates) {
  EXPECT_TRUE(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"));
  for (const std::string text :
       {"", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nvo 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, -6 Nov 1994 08:49:37 GMT"}) {
    EXPECT_FALSE(parse_http_date(text)) << text;
  }
}

TEST(HttpAnswers, a_status_says_whether_the_certificate_was_accepted) {
  const auto meaning = [](int status, const std::string& text) {
    HttpAnswer answer;
    answer.status = status;
    answer.text = text;
    return meaning_of(answer);
  };
  EXPECT_EQ(meaning(403, ""), HttpMeaning::forbidden);
  EXPECT_EQ(meaning(405, ""), HttpMeaning::let_in);
  EXPECT_EQ(meaning(400, "Bad Request"), HttpMeaning::let_in);
  EXPECT_EQ(meaning(400, "<title>400 The SSL certificate error</title>"), HttpMeaning::forbidden);
  EXPECT_EQ(meaning(400, "<title>400 No required SSL certificate was sent</title>"), HttpMeaning::no_certificate_came);
  EXPECT_EQ(meaning(503, ""), HttpMeaning::nobody_behind);
  EXPECT_EQ(meaning(302, ""), HttpMeaning::unclear);
}

TEST(TdsPrelogin, the_request_is_one_packet_whose_options_lie_inside_it) {
  const std::string request = prelogin_request();
  ASSERT_EQ(request.size(), 32U);
  EXPECT_EQ(request[0], 0x12);
  EXPECT_EQ(request[1], 0x01);
  EXPECT_EQ(static_cast<unsigned char>(request[3]), request.size());
  // Read as a server reads it: the same layout as an answer.
  std::string as_answer = request;
  as_answer[0] = 0x04;
  EXPECT_TRUE(read_prelogin(as_answer).answer) << read_prelogin(as_answer).problem;
}

TEST(TdsPrelogin, an_answer_tells_version_and_encryption) {
  const PreloginReading reading = read_prelogin(prelogin_answer());
  ASSERT_TRUE(reading.answer) << reading.problem;
  EXPECT_EQ(reading.answer->version(), "15.0.4316");
  EXPECT_EQ(reading.answer->product(), model::SqlVersion::v2019);
  EXPECT_EQ(reading.answer->encryption, TdsEncryption::off);
}

TEST(TdsPrelogin, a_short_answer_is_incomplete_and_a_changed_one_never_read_beyond_its_end) {
  const std::string whole = prelogin_answer();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_TRUE(read_prelogin(whole.substr(0, size)).incomplete) << size;
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const unsigned char value : {0x00, 0x7F, 0xFF}) {
      std::string changed = whole;
      changed[at] = static_cast<char>(value);
      const PreloginReading reading = read_prelogin(changed);
      EXPECT_EQ(reading.answer.has_value() + reading.incomplete + !reading.problem.empty(), 1) << at;
    }
  }
  EXPECT_THAT(read_prelogin("HTTP/1.1 400").problem, HasSubstr("no answer of SQL Server"));
}

TEST(NetworkAddresses, are_read_back_as_they_are_written) {
  for (const std::string text : {"SQLFCI:8391", "10.0.0.50:1", "[::1]:8391", "[fe80::1%eth0]:65535"}) {
    const auto address = parse_network_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(to_text(*address), text);
  }
  for (const std::string text : {"", "SQLFCI", "SQLFCI:", ":8391", "SQLFCI:0", "SQLFCI:65536", "SQLFCI:8391x",
                                 "::1:8391", "[SQLFCI]:8391", "SQL FCI:8391", "[::1:8391"}) {
    EXPECT_FALSE(parse_network_address(text)) << text;
  }
}

}  // namespace
}  // namespace rehearse::real
