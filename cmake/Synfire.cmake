# Functions that every CMakeLists.txt of the project uses.

# Warnings are errors for our own code; package headers are SYSTEM includes.
add_library(synfire_options INTERFACE)
target_compile_features(synfire_options INTERFACE cxx_std_17)
target_compile_options(synfire_options INTERFACE
  -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wimplicit-fallthrough -Werror
  -ffp-contract=off)
target_include_directories(synfire_options INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})

# synfire_add_library(Name SOURCES a.cpp … [DEPENDS lib …] [PRIVATE_DEPENDS lib …] [MLIR])
function(synfire_add_library name)
  cmake_parse_arguments(ARG "MLIR" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} PRIVATE synfire_options ${ARG_PRIVATE_DEPENDS})
  if(ARG_MLIR)
    target_link_libraries(${name} PUBLIC synfire_mlir)
    target_compile_options(${name} PRIVATE -fno-exceptions)
  endif()
endfunction()

# synfire_add_tool(name SOURCES … DEPENDS …): a binary in build/bin.
function(synfire_add_tool name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE synfire_options ${ARG_DEPENDS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()

# synfire_add_test(NameTest SOURCES … DEPENDS …): a GoogleTest binary, a CTest entry a test.
# Tests find the repository in SYNFIRE_SOURCE_DIR and the shared data (which may be absent)
# in SYNFIRE_SHARED_DIR, both compile definitions that the environment may override.
function(synfire_add_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE synfire_options ${ARG_DEPENDS} GTest::gtest GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE
    SYNFIRE_SOURCE_DIR="${PROJECT_SOURCE_DIR}" SYNFIRE_SHARED_DIR="${PROJECT_SOURCE_DIR}/../shared")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60)
endfunction()

# synfire_add_benchmark(NameBenchmark SOURCES … DEPENDS …): build/benchmarks/NameBenchmark, not a test.
function(synfire_add_benchmark name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE synfire_options ${ARG_DEPENDS} benchmark::benchmark)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/benchmarks)
endfunction()
