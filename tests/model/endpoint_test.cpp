#include "model/endpoint.hpp"

#include <gtest/gtest.h>

namespace rehearse::model {
namespace {

TEST(Endpoints, are_https_host_and_port) {
  EXPECT_EQ(parse_endpoint("https://SQLFCI:8391"), (Endpoint{"SQLFCI", 8391}));
  EXPECT_EQ(parse_endpoint("HTTPS://sql.corp.local:1/"), (Endpoint{"sql.corp.local", 1}));
  EXPECT_EQ(parse_endpoint("https://10.0.0.50:65535"), (Endpoint{"10.0.0.50", 65535}));
  for (const char* wrong :
       {"", "https://", "http://A:1", "https://A", "https://A:", "https://A:0", "https://A:65536", "https://A:08391",
        "https://A:-1", "https://:8391", "https://A:8391/ClusterManagement/", "https://A B:8391", "A:8391",
        "https://A:8391:1", "https://A..B:1", "https://-A:1", "https://A:83 91"}) {
    EXPECT_FALSE(parse_endpoint(wrong)) << wrong;
  }
}

TEST(Addresses, are_four_plain_numbers) {
  EXPECT_EQ(parse_ipv4("10.0.0.50"), 0x0A000032u);
  EXPECT_EQ(parse_ipv4("255.255.255.255"), 0xFFFFFFFFu);
  EXPECT_EQ(parse_ipv4("0.0.0.0"), 0u);
  for (const char* wrong : {"", "10", "10.0.0", "10.0.0.", "10.0.0.0.", "10.0.0.0.1", "10.0.0.256", "10.0.0.01",
                            "10.0.0.-1", "10..0.0", " 10.0.0.1", "a.b.c.d", "::1"}) {
    EXPECT_FALSE(parse_ipv4(wrong)) << wrong;
  }
}

TEST(Subnets, hold_their_hosts_but_neither_network_nor_broadcast_address) {
  std::string problem;
  for (int prefix = 1; prefix <= 30; ++prefix) {
    const auto subnet = parse_subnet("128.0.0.0/" + std::to_string(prefix), problem);
    ASSERT_TRUE(subnet) << prefix;
    const std::uint32_t first = 0x80000000u;
    const std::uint32_t last = first + (1u << (32 - prefix)) - 1;
    EXPECT_TRUE(subnet->contains(first) && subnet->contains(last)) << prefix;
    EXPECT_FALSE(subnet->contains(first - 1)) << prefix;
    EXPECT_FALSE(subnet->contains(last + 1)) << prefix;
    EXPECT_FALSE(subnet->has_host(first) || subnet->has_host(last)) << prefix;
    EXPECT_TRUE(subnet->has_host(first + 1) && subnet->has_host(last - 1)) << prefix;
  }
  for (const char* wrong : {"10.0.0.0", "10.0.0.0/0", "10.0.0.0/31", "10.0.0.0/x", "10.0.0/8", "10.0.0.1/24", "/24"}) {
    EXPECT_FALSE(parse_subnet(wrong, problem)) << wrong;
  }
}

TEST(Subnets, overlap_when_one_holds_the_other) {
  std::string problem;
  const auto wide = *parse_subnet("10.0.0.0/8", problem);
  const auto inside = *parse_subnet("10.200.0.0/16", problem);
  const auto beside = *parse_subnet("11.0.0.0/8", problem);
  EXPECT_TRUE(wide.overlaps(inside) && inside.overlaps(wide) && wide.overlaps(wide));
  EXPECT_FALSE(wide.overlaps(beside) || beside.overlaps(wide) || beside.overlaps(inside));
}

TEST(ComputerNames, have_1_to_15_letters_digits_and_inner_hyphens) {
  for (const char* right : {"A", "SQL1", "a-b", "FIFTEEN-LETTERS", "123"}) {
    EXPECT_EQ(problem_of_computer_name(right), "") << right;
  }
  for (const char* wrong : {"", "SIXTEEN--LETTERS", "A_B", "A.B", "-A", "A-", "A B", "\xC3\x84"}) {
    EXPECT_NE(problem_of_computer_name(wrong), "") << wrong;
  }
  EXPECT_EQ(problem_of_host_name("ssis.corp.local"), "");
  EXPECT_NE(problem_of_host_name("ssis..local"), "");
  EXPECT_NE(problem_of_host_name(std::string(64, 'a')), "");
}

TEST(Names, know_no_case) {
  EXPECT_TRUE(same_name("SqlFci", "SQLFCI"));
  EXPECT_FALSE(same_name("SQLFCI", "SQLFCI1"));
  NameSet names = {"SQL1"};
  EXPECT_FALSE(names.insert("sql1").second);
  EXPECT_TRUE(names.insert("sql2").second);
}

}  // namespace
}  // namespace rehearse::model
