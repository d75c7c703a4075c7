// Writes the report of a small run whose parts have names that try to be markup or script, for the tests in a browser.
#include <iostream>

#include "sim/report/html/run_page.hpp"
#include "tests/scenario/hand_made_run.hpp"

int main() {
  using namespace rehearse;
  using namespace std::chrono_literals;
  model::Design design = sim::small_design();
  design.name = "</title><script>window.harmed = 'design'</script>";
  design.cluster.nodes[0].name = "<script>window.harmed = 'node'</script>";
  design.cluster.nodes[1].name = "\"]};window.harmed = 'data';//";
  design.batches[0].name = "</script><img src=x onerror=\"window.harmed = 'batch'\">";
  sim::HandMade run(design);
  run.tell_power_loss(40min);
  sim::RunResult result = run.result(2h);
  result.scenario.name = "<b onclick=\"window.harmed = 1\">bold</b> & </script>";
  result.scenario.description = "javascript:window.harmed=1 \xe2\x80\xa8 ]]> <!-- ${window.harmed = 1} {{constructor}}";
  // A journal told by hand is not what the cluster's rules lead to.
  sim::html::write_run_page(std::cout, {result}, {.explain = false});
}
