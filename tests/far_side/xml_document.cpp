// System.Xml.XmlDocument: enough of XML to read a report of Test-Cluster (samples/validation), and of XPath what such
// reading takes: steps by name, // for any depth, and [Name] for elements that have such a child.
#include <algorithm>
#include <cctype>
#include <sstream>

#include "tests/far_side/files.hpp"
#include "tests/far_side/system_objects.hpp"

namespace far_side {
namespace {

struct Element {
  std::string name;
  Named<std::string> attributes;
  std::string own_text;
  std::vector<std::shared_ptr<Element>> children;

  std::string text() const {
    std::string all = own_text;
    for (const auto& child : children) all += child->text();
    return all;
  }
};
using ElementPtr = std::shared_ptr<Element>;

Error not_xml(const std::string& why) {
  return net_error("System.Xml.XmlException", why, -2146232000);
}

std::string unescaped(std::string text) {
  for (const auto& [name, character] : std::vector<std::pair<std::string, std::string>>{
           {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&amp;", "&"}}) {
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
      text.replace(at, name.size(), character);
    }
  }
  return text;
}

class XmlReader {
 public:
  explicit XmlReader(const std::string& text) : text_(text) {}

  ElementPtr read() {
    skip_prolog();
    ElementPtr root = element();
    skip_prolog();
    if (at_ != text_.size()) throw not_xml("There are multiple root elements.");
    return root;
  }

 private:
  void skip_prolog() {
    while (at_ < text_.size()) {
      if (std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
        ++at_;
      } else if (begins("<?") || begins("<!")) {
        past(begins("<?") ? "?>" : begins("<!--") ? "-->" : ">");
      } else {
        return;
      }
    }
  }
  bool begins(const std::string& word) const { return text_.compare(at_, word.size(), word) == 0; }
  std::string past(const std::string& end) {
    const std::size_t found = text_.find(end, at_);
    if (found == std::string::npos) throw not_xml("Unexpected end of file has occurred.");
    std::string passed = text_.substr(at_, found - at_);
    at_ = found + end.size();
    return passed;
  }
  ElementPtr element() {
    if (at_ == text_.size()) throw not_xml("Root element is missing.");
    if (!begins("<")) throw not_xml("Data at the root level is invalid.");
    ++at_;
    std::string head = past(">");
    const bool empty = !head.empty() && head.back() == '/';
    if (empty) head.pop_back();
    auto made = std::make_shared<Element>();
    const std::size_t blank = head.find_first_of(" \t\r\n");
    made->name = head.substr(0, blank);
    if (made->name.empty()) throw not_xml("Name cannot begin with the '>' character.");
    if (blank != std::string::npos) read_attributes(head.substr(blank), *made);
    if (!empty) read_content(*made);
    return made;
  }
  static void read_attributes(const std::string& text, Element& into) {
    std::size_t at = 0;
    while ((at = text.find_first_not_of(" \t\r\n", at)) != std::string::npos) {
      const std::size_t equals = text.find('=', at);
      const std::size_t open = equals == std::string::npos ? equals : text.find_first_of("\"'", equals);
      const std::size_t close = open == std::string::npos ? open : text.find(text[open], open + 1);
      if (close == std::string::npos) throw not_xml("An attribute is not complete.");
      into.attributes[text.substr(at, equals - at)] = unescaped(text.substr(open + 1, close - open - 1));
      at = close + 1;
    }
  }
  void read_content(Element& into) {
    while (true) {
      const std::size_t next = text_.find('<', at_);
      if (next == std::string::npos) throw not_xml("Unexpected end of file has occurred.");
      into.own_text += unescaped(text_.substr(at_, next - at_));
      at_ = next;
      if (begins("<![CDATA[")) {
        at_ += 9;
        into.own_text += past("]]>");
      } else if (begins("<!--")) {
        past("-->");
      } else if (begins("</")) {
        at_ += 2;
        if (past(">") != into.name) throw not_xml("The start tag '" + into.name + "' does not match the end tag.");
        return;
      } else {
        into.children.push_back(element());
      }
    }
  }

  const std::string& text_;
  std::size_t at_ = 0;
};

void add_descendants(const ElementPtr& element, std::vector<ElementPtr>& all) {
  all.push_back(element);
  for (const ElementPtr& child : element->children) add_descendants(child, all);
}

std::vector<ElementPtr> selected(const ElementPtr& from, std::string path) {
  std::vector<ElementPtr> found = {from};
  while (!path.empty()) {
    const bool deep = path.rfind("//", 0) == 0;
    if (path[0] == '/') path.erase(0, deep ? 2 : 1);
    const std::size_t end = std::min(path.find('/'), path.size());
    std::string step = path.substr(0, end);
    path.erase(0, end);
    std::string has;
    if (const std::size_t bracket = step.find('['); bracket != std::string::npos) {
      has = step.substr(bracket + 1, step.size() - bracket - 2);
      step.erase(bracket);
    }
    const auto plain = [](const std::string& name) {
      return std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
    };
    if (step.empty() || !plain(step) || !plain(has)) gap("this XPath: " + step + "[" + has + "]");
    std::vector<ElementPtr> next;
    for (const ElementPtr& element : found) {
      std::vector<ElementPtr> places;
      if (deep) {
        add_descendants(element, places);
      } else {
        places = {element};
      }
      for (const ElementPtr& place : places) {
        for (const ElementPtr& child : place->children) {
          const auto is_it = [&](const ElementPtr& one) { return one->name == has; };
          const bool fits = has.empty() || std::any_of(child->children.begin(), child->children.end(), is_it);
          if (child->name == step && fits) next.push_back(child);
        }
      }
    }
    found = next;
  }
  return found;
}

Value node_object(const ElementPtr& element) {
  auto object = make_object("System.Xml.XmlElement",
                            {{"Name", element->name}, {"LocalName", element->name}, {"InnerText", element->text()}});
  object->shown = element->name;
  object->call = [element](const std::string& method, const Array& arguments) -> Value {
    if (same_text(method, "SelectNodes") || same_text(method, "SelectSingleNode")) {
      Array nodes;
      for (const ElementPtr& one : selected(element, arguments.at(0).text())) nodes.push_back(node_object(one));
      if (same_text(method, "SelectNodes")) return nodes;
      return nodes.empty() ? Value() : nodes.front();
    }
    if (same_text(method, "GetAttribute")) {
      const auto found = element->attributes.find(arguments.at(0).text());
      return found == element->attributes.end() ? "" : found->second;
    }
    gap("the method " + method + " of XmlElement");
  };
  return object;
}

}  // namespace

Value xml_document(FarMachine& at) {
  auto document = std::make_shared<Element>();  // holds the root as its only child
  auto object = make_object("System.Xml.XmlDocument", {});
  object->live = [document](const std::string& member) -> std::optional<Value> {
    if (same_text(member, "DocumentElement")) {
      return document->children.empty() ? Value() : node_object(document->children.front());
    }
    if (same_text(member, "InnerText")) return Value(document->text());
    return std::nullopt;
  };
  object->call = [&at, document](const std::string& method, const Array& arguments) -> Value {
    if (same_text(method, "Load") || same_text(method, "LoadXml")) {
      const std::string path = arguments.at(0).text();
      const std::string text =
          same_text(method, "Load") ? at.type_method("System.IO.File", "ReadAllText", {path}).text() : path;
      document->children = {XmlReader(text).read()};
      return Value::nothing();
    }
    return node_object(document).object()->call(method, arguments);
  };
  return object;
}

}  // namespace far_side
