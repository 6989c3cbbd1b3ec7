# synfire_tablegen(File.td Output.inc -gen-… [-more-flags]): writes build/generated/<folder>/Output.inc,
# which synfire_mlir's users include as "<folder>/Output.inc". The paths are collected in
# SYNFIRE_TABLEGEN_OUTPUTS of the calling folder, to be listed as sources of its library.
function(synfire_tablegen source output)
  file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  set(result ${PROJECT_BINARY_DIR}/generated/${folder}/${output})
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/generated/${folder})
  synfire_tablegen_command(${source} ${result} ${ARGN})
  set(SYNFIRE_TABLEGEN_OUTPUTS ${SYNFIRE_TABLEGEN_OUTPUTS} ${result} PARENT_SCOPE)
endfunction()

# synfire_tablegen_doc(File.td Name.md -gen-…): writes build/docs/Name.md, built by the target synfire-docs.
function(synfire_tablegen_doc source output)
  set(result ${PROJECT_BINARY_DIR}/docs/${output})
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/docs)
  synfire_tablegen_command(${source} ${result} ${ARGN})
  string(MAKE_C_IDENTIFIER synfire-doc-${output} target)
  add_custom_target(${target} DEPENDS ${result})
  add_dependencies(synfire-docs ${target})
endfunction()

function(synfire_tablegen_command source result)
  set(includes ${PROJECT_SOURCE_DIR} ${MLIR_INCLUDE_DIRS})
  list(TRANSFORM includes PREPEND -I)
  add_custom_command(OUTPUT ${result}
    COMMAND ${SYNFIRE_TBLGEN} ${ARGN} ${includes} --write-if-changed -o ${result} -d ${result}.d
      ${CMAKE_CURRENT_SOURCE_DIR}/${source}
    DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${source} ${SYNFIRE_TBLGEN}
    DEPFILE ${result}.d
    COMMENT "Generating ${result}"
    VERBATIM)
endfunction()

# Its full path: a bare name would be taken for a file of the build folder.
find_program(SYNFIRE_TBLGEN ${MLIR_TABLEGEN_EXE} HINTS ${LLVM_TOOLS_BINARY_DIR} REQUIRED)
