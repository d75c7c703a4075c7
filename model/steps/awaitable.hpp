// The awaitable that ports and steps return, declared without Asio: a header that includes asio.hpp costs seconds in
// every file that sees a port. Files that write coroutines include <boost/asio/awaitable.hpp> themselves.
#pragma once

namespace boost::asio {
class any_io_executor;
template <typename T, typename Executor>
class awaitable;
}  // namespace boost::asio

namespace rehearse::steps {

template <class T>
using Awaitable = boost::asio::awaitable<T, boost::asio::any_io_executor>;

}  // namespace rehearse::steps
