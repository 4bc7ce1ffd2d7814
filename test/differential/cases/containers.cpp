// Containers and strings that grow or end.
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

void pushes(std::vector<int> &Vector) noexcept [[clang::nonblocking]] { Vector.push_back(1); }
void resizes(std::vector<int> &Vector) noexcept [[clang::nonblocking]] { Vector.resize(10); }
void reserves(std::vector<int> &Vector) noexcept [[clang::nonblocking]] { Vector.reserve(10); }
void ends(int Count) noexcept [[clang::nonblocking]] { std::vector<int> Local(Count); }
void appends(std::string &Text) noexcept [[clang::nonblocking]] { Text += "a long text that does not fit into the object"; }
std::string copies(const std::string &Text) noexcept [[clang::nonblocking]] { return Text; }
void inserts(std::map<int, int> &Map) noexcept [[clang::nonblocking]] { Map[1] = 2; }
void hashes(std::unordered_map<int, int> &Map) noexcept [[clang::nonblocking]] { Map[1] = 2; }
void erases(std::map<int, int> &Map) noexcept [[clang::nonblocking]] { Map.clear(); }
int ok_reads(std::vector<int> &Vector) noexcept [[clang::nonblocking]] { return Vector[0]; }
