# Every package that synfire needs, found in one place. scripts/install-packages.sh
# installs them and says why each is there.
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Protobuf 3.21 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(SYSTEMC REQUIRED IMPORTED_TARGET systemc>=2.3.4)
pkg_check_modules(OPENBLAS REQUIRED IMPORTED_TARGET openblas)
find_library(METIS_LIBRARY metis REQUIRED)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)

# MLIR 19: shared libraries only; mixing in libMLIRxxx.a would register everything twice.
find_package(MLIR 19.1 REQUIRED CONFIG HINTS /usr/lib/llvm-19/lib/cmake/mlir)
list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
# The new behaviour re-runs every tblgen step in every build.
cmake_policy(SET CMP0116 OLD)
include(TableGen)
include(AddLLVM)
include(AddMLIR)
add_library(synfire_mlir INTERFACE)
target_include_directories(synfire_mlir SYSTEM INTERFACE ${MLIR_INCLUDE_DIRS} ${LLVM_INCLUDE_DIRS} ${PROJECT_BINARY_DIR}/generated)
separate_arguments(SYNFIRE_LLVM_DEFINITIONS NATIVE_COMMAND "${LLVM_DEFINITIONS}")
target_compile_options(synfire_mlir INTERFACE ${SYNFIRE_LLVM_DEFINITIONS})
target_link_libraries(synfire_mlir INTERFACE MLIR LLVM)

if(SYNFIRE_BUILD_TESTS)
  find_package(GTest REQUIRED)
  find_program(SYNFIRE_LIT lit.py PATHS /usr/lib/llvm-19/build/utils/lit NO_DEFAULT_PATH REQUIRED)
endif()
if(SYNFIRE_BUILD_BENCHMARKS)
  find_package(benchmark REQUIRED)
endif()
