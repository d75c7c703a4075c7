// Objects of a C library in a smart pointer that calls the library's own function to free them.
#pragma once

#include <memory>

namespace rehearse {

template <auto free_function>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    free_function(object);
  }
};

/// Held<X509, &X509_free>
template <class T, auto free_function>
using Held = std::unique_ptr<T, FreeWith<free_function>>;

}  // namespace rehearse
